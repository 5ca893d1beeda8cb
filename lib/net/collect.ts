/** The answer to one HTTP request, kept as far as it comes. */
import type { Dispatcher } from "undici";
import { Failure } from "../failure.ts";
import type { Watched } from "./watched.ts";

/** Times are milliseconds since the first octet of the request was handed over; what was not reached is missing. */
export interface Exchanged {
  readonly sentAt?: number;
  readonly firstByteAt?: number;
  /** By how much that may be too long, as far as this process can know. */
  readonly mostLateMs?: number;
  readonly endAt?: number;
  /** As the answer says. */
  readonly version?: "1.0" | "1.1" | "2";
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** As it came over the wire, cut at `mostBytes`. */
  readonly body: Uint8Array;
  readonly truncated: boolean;
}

/** More interim answers than this are an attack, not a hint (RFC 9110 §15.2). */
const INTERIM_MOST = 10;

interface Told {
  /** Told whenever more is known, so that nothing is lost when the exchange fails. */
  readonly seen: (exchanged: Exchanged) => void;
  readonly resolve: (exchanged: Exchanged) => void;
  readonly reject: (error: Error) => void;
}

/** Settles once: with the whole answer, or its beginning where that is longer than is kept. */
export function collect(
  { mostBytes, signal }: { readonly mostBytes: number; readonly signal: AbortSignal },
  { version, begunAt, heardAt, mostLateMs }: Watched,
  { seen, resolve, reject }: Told,
): Dispatcher.DispatchHandler {
  const start = performance.now();
  const since = (at = performance.now()) => Math.max(0, at - (begunAt() ?? start));
  const kept = keep(mostBytes);
  let interim = 0;
  let now: Exchanged = { body: Buffer.alloc(0), truncated: false };
  const learn = (more: Partial<Exchanged>) => seen((now = { ...now, ...more }));
  /** What came of the body before it broke off is evidence: an error page rarely needs its last octet. */
  const fail = (reason: Error) => {
    const isFirst = now.endAt === undefined && !now.truncated;
    if (isFirst && now.body.length > 0) learn({ body: kept.all(), truncated: true });
    reject(reason);
  };
  const abort = () => fail(signal.reason);
  signal.addEventListener("abort", abort);
  const finish = (truncated: boolean) => {
    signal.removeEventListener("abort", abort);
    learn({ body: kept.all(), truncated, endAt: since() });
    resolve(now);
  };
  return {
    onRequestSent: () => learn({ sentAt: since() }),
    onRequestStart: ignore,
    onResponseStart(control, status, headers, statusText) {
      interim += 1;
      if (status < 200) {
        if (interim > INTERIM_MOST) {
          const why = `more than ${INTERIM_MOST} interim answers`;
          control.abort(new Failure("http.malformed", why));
        }
        return;
      }
      const firstByteAt = since(heardAt());
      const head = { status, statusText: statusText ?? "", headers: known(headers) };
      learn({ version: version(), ...head, firstByteAt, mostLateMs: mostLateMs() });
    },
    onResponseData(control, chunk) {
      if (kept.add(chunk)) return learn({ body: chunk });
      finish(true);
      control.abort(new Error("the rest is not wanted"));
    },
    onResponseEnd: () => finish(false),
    onResponseError: (_control, error) => fail(error),
  };
}

function ignore(): void {}

/** Keeps octets up to a limit; `add` says whether all of them fitted. */
function keep(most: number) {
  const chunks: Buffer[] = [];
  let room = most;
  return {
    add(chunk: Buffer): boolean {
      chunks.push(chunk.subarray(0, room));
      const fits = chunk.length <= room;
      room -= Math.min(chunk.length, room);
      return fits;
    },
    all: () => Buffer.concat(chunks),
  };
}

function known(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? ""]));
}
