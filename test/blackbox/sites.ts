/** What is probed: a site with every manner of answering, and TLS with any certificate. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { createSecureContext, TLSSocket, type TlsOptions } from "node:tls";
import { gzipSync } from "node:zlib";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { site } from "../servers/http.ts";
import { portOf } from "../servers/ports.ts";
import { tcpServer } from "../servers/tcp.ts";

type Name = Parameters<Certificates>[0];

type Manner = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void;

const half = { "content-length": 100, "last-modified": "Wed, 21 Oct 2015 07:28:00 GMT" };

const byPath: Readonly<Record<string, Manner>> = {
  "/loop": (_request, response) => response.writeHead(302, { location: "/loop" }).end(),
  "/to": (_request, response, query) =>
    response
      .writeHead(Number(query.get("status")), { location: "/cookie", "set-cookie": "a=b" })
      .end("gone"),
  "/cookie": ({ headers, method }, response) =>
    response.writeHead(headers.cookie === "a=b" ? 200 : 500).end(method),
  "/chunked": (_request, response) => {
    response.write("one");
    response.end("two");
  },
  "/stalled": (_request, response) => response.writeHead(200, half).write("half"),
  "/broken": (_request, response) =>
    response.writeHead(200, half).write("half", () => setTimeout(() => response.destroy(), 50)),
  "/auth": ({ headers: { authorization = "" } }, response, query) =>
    response.writeHead(authorization === query.get("is") ? 200 : 401).end(),
  "/echo": ({ headers, method }, response) => {
    const fits = method === "POST" && headers["content-type"] === "application/json";
    response.writeHead(fits ? 200 : 400).end("echo");
  },
  "/gzip": (_request, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(5000))),
  "/": (_request, response, query) => {
    const modified = "Wed, 21 Oct 2015 07:28:00 GMT";
    const status = Number(query.get("status") ?? 200);
    response.writeHead(status, { "last-modified": modified, "x-kind": "beta" }).end("hello\n");
  },
};

/** Gives back its origin. */
export function manners(): Promise<string> {
  return site((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    byPath[pathname]?.(request, response, searchParams);
  });
}

async function filesOf(name: Name) {
  const { cert, key } = (await certificates())(name);
  return { cert: await readFile(cert, "utf8"), key: await readFile(key, "utf8") };
}

export async function tlsSite(name: Name, demands: TlsOptions = {}): Promise<number> {
  const options = { ...(await filesOf(name)), ...demands };
  const server = createServer(options, (request, response) =>
    request.url === "/stalled" ? response.writeHead(200, half).write("half") : response.end("well"),
  );
  // Whoever does not like the certificate leaves; that is no news here.
  server.on("tlsClientError", () => {}).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => {
    server.close();
    server.closeAllConnections();
  });
  return portOf(server);
}

/** Says 220, takes STARTTLS, and is polite within. */
export async function startTls(name: Name): Promise<number> {
  const context = createSecureContext(await filesOf(name));
  const server = await tcpServer((socket) => {
    socket.write("220 ready\r\n");
    socket.once("data", () => {
      socket.write("220 go ahead\r\n");
      const secured = new TLSSocket(socket, { isServer: true, secureContext: context });
      secured.on("error", () => {}).write("secured\r\n");
    });
  });
  return server.port;
}
