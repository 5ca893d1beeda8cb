/**
 * A SQL Server as far as its first words go: pre-login, TLS inside TDS or before it, and one answer to a
 * login. Written from [MS-TDS] apart from the client that it tests; tsql logs in to it too.
 */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { TLSSocket, createSecureContext } from "node:tls";
import type { Certificate } from "./certificates.ts";
import { tcpServer, type TcpServer } from "./tcp.ts";

export interface TdsOptions {
  readonly certificate?: Certificate;
  /** The server's policy: what it answers when the client says off, and when it says on. */
  readonly policy?: "off" | "required" | "not-supported";
  /** TLS before the first word, as TDS 8 has it; a plain hello is hung up on. */
  readonly strict?: boolean;
  /** The tokens that answer a login; `silence` reads it and says nothing. */
  readonly answer?: Buffer | "silence";
  readonly maxVersion?: "TLSv1.2" | "TLSv1.3";
  readonly fedAuth?: number;
}

export interface TdsServer extends TcpServer {
  /** The logins that came, de-obscured where it matters. */
  readonly logins: { user: string; password: string; server: string; database: string }[];
  /** The pre-logins that came. */
  readonly hellos: Buffer[];
}

const utf16 = (text: string) => Buffer.from(text, "utf16le");
const u16 = (value: number) => Buffer.of(value & 0xff, value >> 8);
const varchar = (text: string) => Buffer.concat([u16(text.length), utf16(text)]);
const shortVarchar = (text: string) => Buffer.concat([Buffer.of(text.length), utf16(text)]);
const token = (type: number, body: Buffer) =>
  Buffer.concat([Buffer.of(type), u16(body.length), body]);

const done = Buffer.from("fd020000000000000000000000", "hex");

/** An ERROR token and the end. */
export function refusing(number: number, message: string, state = 1): Buffer {
  const head = Buffer.alloc(6);
  head.writeInt32LE(number, 0);
  head[4] = state;
  head[5] = 14;
  const texts = [varchar(message), shortVarchar("testserver"), shortVarchar(""), Buffer.alloc(4)];
  return Buffer.concat([token(0xaa, Buffer.concat([head, ...texts])), done]);
}

const loginAck = token(
  0xad,
  Buffer.concat([Buffer.of(1, 0x74, 0, 0, 4), shortVarchar("Test"), Buffer.of(16, 0, 0x10, 0x27)]),
);

/** An accepted login that is sent on: ENVCHANGE of type 20. */
export function routing(host: string, port: number): Buffer {
  const value = Buffer.concat([Buffer.of(0), u16(port), varchar(host)]);
  const change = token(0xe3, Buffer.concat([Buffer.of(20), u16(value.length), value, u16(0)]));
  return Buffer.concat([loginAck, change, done]);
}

export const accepting = Buffer.concat([loginAck, done]);

export async function tdsServer(
  options: TdsOptions = {},
  address = "127.0.0.1",
  port = 0,
): Promise<TdsServer> {
  const logins: TdsServer["logins"] = [];
  const hellos: Buffer[] = [];
  const server = await tcpServer(
    (socket) => {
      const closed = () => socket.destroy();
      const work =
        options.strict === true
          ? strictly(socket, options, { logins, hellos })
          : plainly(socket, options, { logins, hellos });
      work.catch(closed);
    },
    address,
    port,
  );
  return { ...server, logins, hellos };
}

type Kept = Pick<TdsServer, "logins" | "hellos">;

/** Reads whole messages out of a stream. */
function messages(stream: Duplex) {
  let waiting = Buffer.alloc(0);
  let ended = false;
  let wake = () => {};
  stream.on("data", (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    wake();
  });
  for (const event of ["end", "close", "error"]) {
    stream.on(event, () => {
      ended = true;
      wake();
    });
  }
  const until = async (count: number) => {
    while (waiting.length < count) {
      if (ended) throw new Error("gone");
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return async () => {
    const parts: Buffer[] = [];
    for (;;) {
      await until(8);
      const length = waiting.readUInt16BE(2);
      const [type, status = 1] = waiting;
      await until(length);
      parts.push(waiting.subarray(8, length));
      waiting = waiting.subarray(length);
      if ((status & 1) === 1) return { type, body: Buffer.concat(parts) };
    }
  };
}

function packet(type: number, body: Buffer): Buffer {
  const header = Buffer.of(type, 1, 0, 0, 0, 0, 1, 0);
  header.writeUInt16BE(8 + body.length, 2);
  return Buffer.concat([header, body]);
}

/** Version 16.0.4135, encryption, instance matches, fedAuth. */
function helloReply(encryption: number, fedAuth: number): Buffer {
  const values = [
    [0, Buffer.from("100010270000", "hex")],
    [1, Buffer.of(encryption)],
    [2, Buffer.of(0)],
    [4, Buffer.of(0)],
    [6, Buffer.of(fedAuth)],
  ] as const;
  let at = 5 * values.length + 1;
  const table = values.map(([option, value]) => {
    const row = Buffer.of(option, 0, 0, 0, value.length);
    row.writeUInt16BE(at, 1);
    at += value.length;
    return row;
  });
  return Buffer.concat([...table, Buffer.of(0xff), ...values.map(([, value]) => value)]);
}

/** What the server says to what the client says; nothing for a client that it hangs up on. */
const replies: Readonly<Record<string, readonly (number | undefined)[]>> = {
  off: [0, 1, 2, 1],
  required: [3, 1, 3, 1],
  "not-supported": [2, undefined, 2, undefined],
};

async function plainly(socket: Socket, options: TdsOptions, kept: Kept): Promise<void> {
  const { policy = "required", fedAuth = 0 } = options;
  let framing: Duplex | undefined;
  let finished = false;
  const outside = new Duplex({
    read() {},
    write: (chunk, _, end) => void socket.write(chunk, end),
  });
  let hold = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    if (framing === undefined) outside.push(chunk);
    else if (finished) framing.push(chunk);
    else {
      hold = Buffer.concat([hold, chunk]);
      while (hold.length >= 8 && hold[0] === 0x12 && hold.length >= hold.readUInt16BE(2)) {
        framing.push(hold.subarray(8, hold.readUInt16BE(2)));
        hold = hold.subarray(hold.readUInt16BE(2));
      }
      if (hold.length > 0 && hold[0] !== 0x12) {
        framing.push(hold);
        hold = Buffer.alloc(0);
      }
    }
  });
  const next = messages(outside);
  const hello = await next();
  kept.hellos.push(hello.body);
  const said = clientEncryption(hello.body);
  const reply = replies[policy]?.[said];
  if (reply === undefined) return void socket.end();
  const { certificate } = options;
  if (reply === 2 || certificate === undefined) {
    socket.write(packet(4, helloReply(reply, fedAuth)));
    return answer(next, (bytes) => void socket.write(bytes), options, kept);
  }
  framing = new Duplex({
    read() {},
    write(chunk, _, end) {
      socket.write(finished ? chunk : packet(0x12, chunk), end);
    },
  });
  const secured = over(framing, certificate, options);
  socket.write(packet(4, helloReply(reply, fedAuth)));
  await new Promise<void>((resolve, reject) => {
    secured.once("secure", resolve);
    secured.once("error", reject);
  });
  setImmediate(() => (finished = true));
  const write = (bytes: Buffer) => void (reply === 0 ? socket : secured).write(bytes);
  await answer(messages(secured), write, options, kept);
}

/** The value of option 1. */
function clientEncryption(hello: Buffer): number {
  for (let at = 0; hello[at] !== 0xff; at += 5) {
    if (hello[at] === 1) return hello[hello.readUInt16BE(at + 1)] ?? 0;
  }
  return 0;
}

function over(stream: Duplex, { cert, key }: Certificate, { maxVersion = "TLSv1.2" }: TdsOptions) {
  const secureContext = createSecureContext({
    cert: readFileSync(cert),
    key: readFileSync(key),
    maxVersion,
  });
  return new TLSSocket(stream, {
    isServer: true,
    secureContext,
    ALPNProtocols: ["tds/8.0"],
  });
}

async function strictly(socket: Socket, options: TdsOptions, kept: Kept): Promise<void> {
  const first = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
  if (first[0] !== 0x16 || options.certificate === undefined) return void socket.end();
  socket.pause();
  socket.unshift(first);
  const secured = over(socket, options.certificate, { ...options, maxVersion: "TLSv1.3" });
  const next = messages(secured);
  const hello = await next();
  kept.hellos.push(hello.body);
  secured.write(packet(4, helloReply(2, options.fedAuth ?? 0)));
  await answer(next, (bytes) => void secured.write(bytes), options, kept);
}

async function answer(
  next: ReturnType<typeof messages>,
  write: (bytes: Buffer) => void,
  { answer: tokens = refusing(18_456, "Login failed for user 'x'.") }: TdsOptions,
  kept: Kept,
): Promise<void> {
  const { type, body } = await next();
  if (type !== 0x10) return;
  const text = (at: number) => {
    const from = body.readUInt16LE(at);
    return body.subarray(from, from + 2 * body.readUInt16LE(at + 2));
  };
  const clear = text(44).map((octet) => {
    const bare = octet ^ 0xa5;
    return ((bare << 4) | (bare >> 4)) & 0xff;
  });
  kept.logins.push({
    user: text(40).toString("utf16le"),
    password: Buffer.from(clear).toString("utf16le"),
    server: text(52).toString("utf16le"),
    database: text(68).toString("utf16le"),
  });
  if (tokens !== "silence") write(packet(4, tokens));
}
