/** A Sonde that says what a test wants: the real page before answers of our own. */
import { createServer } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { closing } from "../servers/closing.ts";
import { portOf } from "../servers/ports.ts";

export interface Said {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves the built page at `/`; everything below `api/` is answered by `say`, by its name. */
export async function pretend(
  root: string,
  say: (name: string, body: string) => Said | undefined,
): Promise<string> {
  const [html, csp] = await Promise.all(
    ["index.html", "index.csp"].map((name) => readFile(join(root, "dist/page", name), "utf8")),
  );
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const name = /^\/api\/([\w.]+)/.exec(request.url ?? "")?.[1];
      if (name === undefined) {
        response.setHeader("content-security-policy", csp ?? "");
        response.setHeader("content-type", "text/html; charset=utf-8").end(html);
        return;
      }
      const said = say(name, Buffer.concat(chunks).toString());
      if (said === undefined) {
        request.socket.destroy();
        return;
      }
      response.writeHead(said.status, { "content-type": "application/json", ...said.headers });
      response.end(said.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${portOf(server)}/`;
}
