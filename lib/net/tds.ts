/** TLS inside TDS, [MS-TDS] 3.2.5.1: until the handshake is over, its octets travel in pre-login packets. */
import { Duplex, PassThrough } from "node:stream";
import { HEADER, pack, types } from "../protocols/tds/packet.ts";
import type { Wire } from "../protocols/wire.ts";
import { streamWire, type Securable, type SocketWire } from "./wire.ts";

export interface FramedWire extends Securable {
  /** The handshake is over: from now on TLS travels as it is. */
  finish(): void;
  /** What the server says outside of TLS afterwards, where only the login is encrypted. */
  readonly plain: Wire;
}

/** What begins with an octet: a packet, a TLS record, words outside of TLS, or nothing that fits. */
type Kind = "framed" | "record" | "plain" | "strange";

function kindOf(first: number, finished: boolean): Kind {
  if (first === types.prelogin) return "framed";
  // Some servers answer in packets of type reply, which after the handshake are what they seem.
  if (first === types.reply) return finished ? "plain" : "framed";
  return first >= 0x14 && first <= 0x17 ? "record" : "strange";
}

/** Takes TLS out of packets on the way in, and puts it into packets on the way out. */
export function frameTds(wire: SocketWire): FramedWire {
  const raw = wire.socket;
  const plain = new PassThrough();
  let finished = false;
  let waiting: Buffer = Buffer.alloc(0);
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => void raw.resume(),
    writev(chunks, done) {
      const bytes = Buffer.concat(chunks.map(({ chunk }) => chunk));
      // Not held back until it is sent: what comes after the handshake must not find this waiting.
      raw.write(finished ? bytes : pack(types.prelogin, bytes));
      done();
    },
    final: (done) => void raw.end(done),
    destroy(error, done) {
      plain.destroy();
      raw.destroy();
      done(error);
    },
  });
  const pass = ({ kind, bytes }: Part) => {
    if (kind === "plain") plain.write(bytes);
    else if (bytes.length > 0 && !stream.push(bytes)) raw.pause();
  };
  raw.on("data", (bytes: Buffer) => {
    const { parts, rest } = partsOf(Buffer.concat([waiting, bytes]), finished);
    waiting = rest;
    for (const part of parts) pass(part);
  });
  raw.on("end", () => {
    plain.end();
    stream.push(null);
  });
  raw.on("error", (error) => void stream.destroy(error));
  raw.on("close", () => void stream.destroy());
  raw.resume();
  const finish = () => {
    finished = true;
  };
  return { socket: stream, peer: wire.peer, finish, plain: streamWire(plain) };
}

interface Part {
  readonly kind: Kind;
  /** Without the header of a packet. */
  readonly bytes: Buffer;
}

/** Everything that is complete, and what has to wait for more. */
function partsOf(octets: Buffer, finished: boolean): { parts: readonly Part[]; rest: Buffer } {
  const parts: Part[] = [];
  let rest = octets;
  for (;;) {
    const [first] = rest;
    if (first === undefined) return { parts, rest };
    const kind = kindOf(first, finished);
    const whole = kind === "framed" || kind === "record" ? lengthOf(kind, rest) : rest.length;
    if (whole === undefined || rest.length < whole) return { parts, rest };
    parts.push({ kind, bytes: rest.subarray(kind === "framed" ? HEADER : 0, whole) });
    rest = rest.subarray(whole);
  }
}

/** `undefined` while too little is there. A packet says its length with the header, a TLS record without its own (RFC 8446 §5.1). */
function lengthOf(kind: "framed" | "record", bytes: Buffer): number | undefined {
  if (kind === "framed") {
    return bytes.length < HEADER ? undefined : Math.max(HEADER, bytes.readUInt16BE(2));
  }
  return bytes.length < 5 ? undefined : 5 + bytes.readUInt16BE(3);
}
