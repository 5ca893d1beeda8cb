/** Frames of WebSocket, as a client reads and writes them. RFC 6455 §5. */
import { randomBytes } from "node:crypto";

export interface Frame {
  /** The last one of its message. */
  readonly last: boolean;
  /** 0 goes on, 1 is text, 2 binary, 8 close, 9 ping, 10 pong. */
  readonly opcode: number;
  readonly payload: Buffer;
  /** Octets that it takes in all. */
  readonly length: number;
}

/** A message longer than this is not waited for. */
const MOST = 1024 * 1024;

/** The first frame of what came so far: `more` when it is not complete, `wrong` when a server may not send it. */
export function readFrame(bytes: Buffer): Frame | "more" | "wrong" {
  if (bytes.length < 2) return "more";
  const [first = 0, second = 0] = bytes;
  // A server never masks; bits that nothing was agreed about are none.
  if ((second & 0x80) !== 0 || (first & 0x70) !== 0) return "wrong";
  const short = second & 0x7f;
  const head = headOf(short);
  if (bytes.length < head) return "more";
  const size = sizeOf(bytes, short);
  if (size > MOST) return "wrong";
  if (bytes.length < head + size) return "more";
  const payload = bytes.subarray(head, head + size);
  return { last: (first & 0x80) !== 0, opcode: first & 0x0f, payload, length: head + size };
}

function headOf(short: number): number {
  if (short === 126) return 4;
  return short === 127 ? 10 : 2;
}

function sizeOf(bytes: Buffer, short: number): number {
  if (short === 126) return bytes.readUInt16BE(2);
  return short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
}

/** One whole message, masked as every frame of a client is. */
export function frameOf(opcode: number, payload: Uint8Array): Uint8Array {
  const mask = randomBytes(4);
  const { length } = payload;
  const size =
    length < 126
      ? [0x80 | length]
      : length < 0x1_0000
        ? [0x80 | 126, length >> 8, length & 0xff]
        : [
            0x80 | 127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 0xff,
            (length >> 8) & 0xff,
            length & 0xff,
          ];
  const masked = payload.map((octet, index) => octet ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.of(0x80 | opcode, ...size), mask, masked]);
}
