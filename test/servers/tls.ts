/** Servers that speak TLS, or almost, and misbehave on purpose. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { createServer, type SecureVersion } from "node:tls";
import { certificates } from "./certificates.ts";
import { closing } from "./closing.ts";
import { portOf } from "./ports.ts";
import { tcpServer } from "./tcp.ts";

/** Answers the first octets it is sent with these, and then only listens. */
export const answering = (answer: Uint8Array) =>
  tcpServer((socket) => socket.once("data", () => socket.write(answer)));

/** Reads a ClientHello and ends the connection in good order. */
export const endingOnData = () => tcpServer((socket) => socket.once("data", () => socket.end()));

/** Completes handshakes in this version alone, and counts those that were completed from the other side too. */
export async function completing(version: SecureVersion) {
  const { cert, key } = (await certificates())("good");
  const seen = { completed: 0, abandoned: 0 };
  const options = { cert: await readFile(cert), key: await readFile(key) };
  const server = createServer({ ...options, minVersion: version, maxVersion: version });
  server.on("secureConnection", (socket) => {
    seen.completed += 1;
    socket.on("error", () => {});
  });
  server.on("tlsClientError", () => (seen.abandoned += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => void server.close());
  return { port: portOf(server), seen };
}

/** One record: RFC 8446 §5.1. */
export function tlsRecord(type: number, fragment: Uint8Array): Buffer {
  const { length } = fragment;
  return Buffer.concat([Buffer.of(type, 3, 3, length >> 8, length & 0xff), fragment]);
}

/** A fatal alert. */
export const alert = (number: number) => tlsRecord(21, Buffer.of(2, number));

/** A ServerHello of TLS 1.2 that agrees to nothing but RSA; clients insist on RFC 5746 in it. */
export const serverHello = tlsRecord(
  22,
  Buffer.concat([
    Buffer.of(2, 0, 0, 45, 3, 3),
    Buffer.alloc(32, 7),
    // No session, TLS_RSA_WITH_AES_128_GCM_SHA256, no compression, an empty renegotiation_info.
    Buffer.of(0, 0x00, 0x9c, 0, 0, 5, 0xff, 0x01, 0, 1, 0),
  ]),
);

/** A Certificate message of TLS 1.2, in as many records as it takes. */
export function certificateMessage(chain: readonly Uint8Array[]): Buffer {
  const entries = chain.map((der) => Buffer.concat([length24(der.length), der]));
  const list = Buffer.concat(entries);
  const body = Buffer.concat([length24(list.length), list]);
  return fragments(Buffer.concat([Buffer.of(11), length24(body.length), body]));
}

function length24(length: number): Buffer {
  return Buffer.of(length >> 16, (length >> 8) & 0xff, length & 0xff);
}

function fragments(message: Buffer): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += 0x4000) {
    records.push(tlsRecord(22, message.subarray(at, at + 0x4000)));
  }
  return Buffer.concat(records);
}

/** A handshake message that never ends: fragments for as long as somebody reads them. */
export const endlessFragments = () =>
  tcpServer((socket) => {
    const fragment = tlsRecord(22, Buffer.alloc(0x4000, 1));
    // A Certificate message of 16 MB, after a proper ServerHello.
    const begin = tlsRecord(22, Buffer.of(11, 0xff, 0xff, 0xff));
    const babble = () => {
      while (!socket.destroyed && socket.write(fragment));
    };
    socket.once("data", () => {
      socket.write(Buffer.concat([serverHello, begin]));
      socket.on("drain", babble);
      babble();
    });
  });

/** Stands before a server and lets through only what begins with a small ClientHello. */
export const swallowingLargeHellos = (port: number, mostBytes = 1000) =>
  tcpServer((socket) =>
    socket.once("data", (hello) => {
      if (hello.length > mostBytes) return void socket.resume();
      const onward: Socket = connect(port, "127.0.0.1");
      onward.on("error", () => socket.destroy());
      onward.write(hello);
      socket.pipe(onward).pipe(socket);
      socket.on("close", () => onward.destroy());
    }),
  );

/** The DER of a certificate of this run. */
export async function derOf(name: Parameters<Awaited<ReturnType<typeof certificates>>>[0]) {
  const pem = await readFile((await certificates())(name).cert, "utf8");
  const [, base64 = ""] = /-----BEGIN CERTIFICATE-----([^-]+)/.exec(pem) ?? [];
  return Buffer.from(base64, "base64");
}
