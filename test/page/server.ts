/** A Sonde that says what a test wants: the real page before answers of our own. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { closing } from "../servers/closing.ts";
import { site } from "../servers/http.ts";
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

export interface Way {
  /** The origin that answers. */
  readonly to: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What becomes of the body of the answer. */
  change?(body: string): string;
}

/** What a platform puts in front of real Sondes. `way` says where a request goes, or answers it itself. */
export async function front(
  way: (request: IncomingMessage, response: ServerResponse) => Way | undefined,
): Promise<string> {
  return site((request, response) => {
    const found = way(request, response);
    if (found === undefined) return void response.end();
    passOn(request, response, found).catch(() => response.destroy());
  });
}

async function passOn(request: IncomingMessage, response: ServerResponse, way: Way) {
  const { method = "GET", url = "/" } = request;
  const body = method === "POST" ? { body: await buffer(request) } : {};
  const headers = { "content-type": "application/json", ...way.headers };
  const answer = await fetch(way.to + url, { method, headers, ...body });
  for (const name of ["content-type", "content-security-policy"]) {
    response.setHeader(name, answer.headers.get(name) ?? "");
  }
  const text = await answer.text();
  response.writeHead(answer.status).end(way.change?.(text) ?? text);
}
