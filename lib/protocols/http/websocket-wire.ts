/** The stream of octets that a WebSocket carries in its frames, RFC 6455 §5. */
import { randomBytes } from "node:crypto";
import { Failure } from "../../failure.ts";
import type { Wire } from "../wire.ts";

const BINARY = 0x82;
const opcodes = { close: 8, ping: 9, pong: 10 } as const;

/** More than any greeting; a frame of more is not waited for. */
const LARGEST = 64 * 1024;

/** A frame of ours: one message of octets, masked as every frame of a client is. */
function frame(payload: Uint8Array): Buffer {
  const mask = randomBytes(4);
  const head =
    payload.length < 126
      ? Buffer.of(BINARY, 0x80 | payload.length)
      : Buffer.of(BINARY, 0x80 | 126, payload.length >> 8, payload.length & 0xff);
  const masked = payload.map((octet, index) => octet ^ (mask[index % 4] ?? 0));
  return Buffer.concat([head, mask, masked]);
}

/**
 * A wire over an open WebSocket. Reading rejects as the wire below does, with `tcp.closed` when the server says goodbye,
 * and with `service.malformed` for frames that no server may send. Disposing of it disposes of the wire below.
 */
export function websocketWire(wire: Wire): Wire {
  let waiting: Uint8Array = new Uint8Array();
  const fill = async (signal: AbortSignal) => {
    while (waiting.length === 0) waiting = await nextPayload(wire, signal);
  };
  const take = (most: number) => {
    const taken = waiting.subarray(0, most);
    waiting = waiting.subarray(most);
    return taken;
  };
  return {
    write: (bytes) => wire.write(frame(bytes)),
    async read(count, signal) {
      const parts: Uint8Array[] = [];
      for (let left = count; left > 0;) {
        await fill(signal);
        const part = take(left);
        parts.push(part);
        left -= part.length;
      }
      return Buffer.concat(parts);
    },
    async readSome(most, signal) {
      await fill(signal);
      return take(most);
    },
    [Symbol.dispose]: () => wire[Symbol.dispose](),
  };
}

/** What a frame of data holds; nothing for a ping or pong, which want no answer in so short a talk. */
async function nextPayload(wire: Wire, signal: AbortSignal): Promise<Uint8Array> {
  const [first = 0, second = 0] = await wire.read(2, signal);
  if ((second & 0x80) !== 0) throw broken("a server masks its frames");
  const length = await lengthOf(wire, second, signal);
  if (length > LARGEST) throw broken(`a frame of ${length} octets`);
  const payload = length === 0 ? new Uint8Array() : await wire.read(length, signal);
  const opcode = first & 0x0f;
  if (opcode === opcodes.close) throw closedBy(payload);
  if (opcode === opcodes.ping || opcode === opcodes.pong) return new Uint8Array();
  if (opcode > 2) throw broken(`a frame of kind ${opcode}`);
  return payload;
}

async function lengthOf(wire: Wire, second: number, signal: AbortSignal): Promise<number> {
  if (second < 126) return second;
  if (second === 126) return Buffer.from(await wire.read(2, signal)).readUInt16BE();
  return Number(Buffer.from(await wire.read(8, signal)).readBigUInt64BE());
}

function closedBy(payload: Uint8Array): Failure {
  const code = payload.length < 2 ? "no reason" : `code ${Buffer.from(payload).readUInt16BE()}`;
  return new Failure("tcp.closed", `the server closed the WebSocket with ${code}`);
}

function broken(what: string): Failure {
  return new Failure("service.malformed", `this is not how WebSocket goes on: ${what}`);
}
