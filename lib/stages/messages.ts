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
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const CHUNK = 64 * 1024;
const MOST = 1024 * 1024;

/** `came` are octets that came together with the answer that opened it. */
export function messagesOver(wire: Wire, came: Uint8Array, signal: AbortSignal): Messages {
  let waiting = Buffer.from(came);
  const frame = async () => {
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
  const data = async () => {
    for (;;) {
      const { opcode, payload, last } = await frame();
      if (opcode === CLOSE) throw new Failure("tcp.closed", "the server closed the WebSocket");
      if (opcode === PING) wire.write(frameOf(PONG, payload));
      else if (opcode !== PONG) return { payload, last };
    }
  };
  return {
    async next() {
      let message = Buffer.alloc(0);
      for (;;) {
        const { payload, last } = await data();
        message = Buffer.concat([message, payload]);
        if (message.length > MOST) throw malformed("a message is longer than 1 MiB");
        if (last) return message.toString();
      }
    },
    say: (text) => wire.write(frameOf(TEXT, Buffer.from(text))),
  };
}

function malformed(message: string): Failure {
  return new Failure("http.malformed", message);
}
