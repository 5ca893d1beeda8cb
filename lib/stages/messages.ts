/** Messages over a WebSocket that is open: what a script waits for, and what it says. RFC 6455 §5.4, §5.5. */
import { Failure } from "../failure.ts";
import { frameOf, readFrame } from "../protocols/http/frames.ts";
import type { Wire } from "../protocols/wire.ts";

export interface Messages {
  /** The next whole message, text or binary. Rejects with `tcp.closed` when the server says goodbye. */
  next(): Promise<string>;
  say(text: string): void;
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const CHUNK = 64 * 1024;
const MOST = 1024 * 1024;

/** `came` are octets that came together with the answer that opened it. */
export function messagesOver(wire: Wire, came: Uint8Array, signal: AbortSignal): Messages {
  const data = dataOver(wire, came);
  return {
    async next() {
      let message = Buffer.alloc(0);
      for (;;) {
        const { payload, last } = await data(signal);
        message = Buffer.concat([message, payload]);
        if (message.length > MOST) throw malformed("a message is longer than 1 MiB");
        if (last) return message.toString();
      }
    },
    say: (text) => wire.write(frameOf(TEXT, Buffer.from(text))),
  };
}

/** What a protocol of octets makes of a WebSocket: one stream, wherever its messages begin and end. */
export function streamOver(wire: Wire, came: Uint8Array): Wire {
  const data = dataOver(wire, came);
  let ready = Buffer.alloc(0);
  const take = (count: number) => {
    const taken = ready.subarray(0, count);
    ready = ready.subarray(count);
    return taken;
  };
  const hear = async (signal: AbortSignal) => {
    const { payload } = await data(signal);
    ready = Buffer.concat([ready, payload]);
  };
  return {
    write: (bytes) => wire.write(frameOf(BINARY, bytes)),
    async read(count, signal) {
      while (ready.length < count) await hear(signal);
      return take(count);
    },
    async readSome(most, signal) {
      while (ready.length === 0) await hear(signal);
      return take(most);
    },
    [Symbol.dispose]: () => wire[Symbol.dispose](),
  };
}

/** The next frame that carries something; pings are answered on the way. */
function dataOver(wire: Wire, came: Uint8Array) {
  let waiting = Buffer.from(came);
  const frame = async (signal: AbortSignal) => {
    for (;;) {
      const found = readFrame(waiting);
      if (found === "wrong") throw malformed("a frame is not as RFC 6455 has it");
      if (found !== "more") {
        waiting = waiting.subarray(found.length);
        return found;
      }
      waiting = Buffer.concat([waiting, await wire.readSome(CHUNK, signal)]);
    }
  };
  return async (signal: AbortSignal) => {
    for (;;) {
      const { opcode, payload, last } = await frame(signal);
      if (opcode === CLOSE) throw new Failure("tcp.closed", "the server closed the WebSocket");
      if (opcode === PING) wire.write(frameOf(PONG, payload));
      else if (opcode !== PONG) return { payload, last };
    }
  };
}

function malformed(message: string): Failure {
  return new Failure("http.malformed", message);
}
