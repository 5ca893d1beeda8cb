/** What undici does not tell of an HTTP/1 exchange, seen while it writes and reads. */
import type { Socket } from "node:net";
import { startWait } from "./turns.ts";

export interface Watched {
  /** As the answer says. */
  readonly version: () => "1.0" | "1.1" | "2";
  /** The first octets of the answer, in Latin-1; empty of HTTP/2. */
  readonly opening: () => string;
  /** When the first octet of the request was handed over, and when the first of the answer was read; unknown of HTTP/2. */
  readonly begunAt: () => number | undefined;
  readonly heardAt: () => number | undefined;
  /** By how much the wait between these may be too long, as far as this process can know. */
  readonly mostLateMs: () => number;
}

const unknown = () => undefined;

/** Enough to tell a protocol by. */
const OPENING = 64;

/** Watches until the socket ends. undici sets itself up before it writes, which is no part of a request. */
export function watch(socket: Socket): Watched {
  if ("alpnProtocol" in socket && socket.alpnProtocol === "h2") {
    return {
      version: () => "2",
      opening: () => "",
      begunAt: unknown,
      heardAt: unknown,
      mostLateMs: () => 0,
    };
  }
  let begunAt: number | undefined;
  let heardAt: number | undefined;
  let first = "";
  let wait: ReturnType<typeof startWait> | undefined;
  let lateMs = 0;
  const read = socket.read.bind(socket);
  Reflect.set(socket, "read", (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!Buffer.isBuffer(chunk)) return chunk;
    if (heardAt === undefined) {
      heardAt = performance.now();
      lateMs = wait?.end().mostLateMs ?? 0;
    }
    if (first.length < OPENING) first += chunk.toString("latin1", 0, OPENING);
    return chunk;
  });
  const write = socket.write.bind(socket);
  Reflect.set(socket, "write", (...words: Parameters<typeof write>) => {
    begunAt ??= performance.now();
    const isDone = write(...words);
    wait = startWait();
    return isDone;
  });
  return {
    version: () => (first.startsWith("HTTP/1.0") ? "1.0" : "1.1"),
    opening: () => first,
    begunAt: () => begunAt,
    heardAt: () => heardAt,
    mostLateMs: () => lateMs,
  };
}
