/** A gateway: WebSocket inside TLS on one side, a plain TCP server on the other. Written from RFC 6455 for the tests. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:https";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { Certificate } from "./certificates.ts";
import { closing } from "./closing.ts";
import { portOf } from "./ports.ts";

interface Asked {
  readonly url: string;
  readonly subprotocol: string | undefined;
}

/** Opens a WebSocket for the path and subprotocol that are wanted, and is 404 for all else. */
export async function webSocketGateway(
  { cert, key }: Certificate,
  to: number,
  wanted: Asked,
): Promise<{ readonly port: number; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
  server.on("upgrade", ({ url = "", headers }, stream: Duplex) => {
    const subprotocol = headers["sec-websocket-protocol"];
    asked.push({ url, subprotocol });
    stream.on("error", () => {});
    if (url !== wanted.url || subprotocol !== wanted.subprotocol) {
      return void stream.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }
    const accept = createHash("sha1")
      .update(`${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    stream.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${subprotocol}\r\n\r\n`,
    );
    bridge(stream, to);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  closing(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: portOf(server), asked };
}

/** What comes back goes in frames of three octets, so that none of them is a message of the protocol inside. */
function bridge(stream: Duplex, to: number): void {
  const socket = connect(to, "127.0.0.1");
  socket.on("error", () => stream.destroy()).on("end", () => stream.end());
  stream.on("close", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += 3) {
      const part = chunk.subarray(at, at + 3);
      stream.write(Buffer.concat([Buffer.of(0x82, part.length), part]));
    }
  });
  let waiting = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    // Short and masked: no greeting is longer, and every client masks.
    while (waiting.length >= 6 && waiting.length >= 6 + ((waiting[1] ?? 0) & 0x7f)) {
      const size = (waiting[1] ?? 0) & 0x7f;
      const mask = waiting.subarray(2, 6);
      const payload = waiting
        .subarray(6, 6 + size)
        .map((octet, index) => octet ^ (mask[index % 4] ?? 0));
      waiting = waiting.subarray(6 + size);
      socket.write(payload);
    }
  });
}
