/** HTTP servers of our own, and a forward proxy. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { connect } from "node:net";
import { closing } from "./closing.ts";
import { portOf } from "./ports.ts";
import { tcpServer, type TcpServer } from "./tcp.ts";

/** Serves on a free port of 127.0.0.1; gives back the origin. */
export async function site(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${portOf(server)}`;
}

export interface ForwardProxy extends TcpServer {
  /** Every head it was sent, as it came. */
  readonly heads: readonly string[];
}

/** Tunnels what CONNECT asks for, as long as it is on loopback; `answer` replaces its 200. */
export async function forwardProxy(answer?: string): Promise<ForwardProxy> {
  const heads: string[] = [];
  const server = await tcpServer((socket) => {
    socket.once("data", (chunk) => {
      const head = chunk.toString("latin1");
      heads.push(head);
      if (answer !== undefined) return void socket.write(answer);
      const [, host = "", port] = /^CONNECT \[?([\d.]+|::1)\]?:(\d+) /.exec(head) ?? [];
      const onward = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
      socket.on("close", () => onward.destroy());
    });
  });
  return { ...server, heads };
}
