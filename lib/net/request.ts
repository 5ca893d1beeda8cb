/**
 * One HTTP exchange over a wire that is already there. undici speaks the protocol, HTTP/1.1 or what
 * ALPN agreed on; it never resolves, never connects, never follows and never decodes.
 */
import type { Dispatcher } from "undici";
import { Failure, type Code } from "../failure.ts";
import { errorCode, tcpFailure } from "./classify.ts";
import { loadClient } from "./client.ts";
import { watch, type Watched } from "./watched.ts";
import type { SocketWire } from "./wire.ts";

export interface Requested {
  readonly origin: string;
  readonly method: "GET" | "HEAD" | "OPTIONS";
  /** Path and query: starts with one slash, so that no absolute form can be smuggled in. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Sent by POST, as `application/dns-message` (RFC 8484 §4.1): the one body that Sonde sends by itself.
   * `method` is then of no account.
   */
  readonly dnsMessage?: Uint8Array;
  /** What a module of the deployment's own says to send instead; no caller can say it. */
  readonly deployed?: { readonly method: string; readonly body?: Uint8Array };
  /** Bytes of the body that are kept; the rest is not waited for. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

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

/**
 * Sends the request and keeps the answer as far as it gets. `seen` is called with what is known
 * whenever that grows, so that nothing is lost when the exchange fails; the promise then rejects with
 * `http.*` or `tcp.*` failures, or the reason of `signal`.
 */
export async function request(
  wire: SocketWire,
  asked: Requested,
  seen: (exchanged: Exchanged) => void,
): Promise<Exchanged> {
  const { Client } = await loadClient();
  const { origin, signal } = asked;
  let handed = false;
  const client = new Client(origin, {
    allowH2: true,
    pipelining: 1,
    maxHeaderSize: 16 * 1024,
    // Our own signal ends it; undici's timers are coarse and would only guess.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, done) => {
      // Must not call back at once, or the client hangs; and must never open a second connection.
      const again = handed;
      handed = true;
      queueMicrotask(() =>
        again
          ? done(new Failure("http.closed", "the connection ended"), null)
          : done(null, wire.socket),
      );
    },
  });
  const watched = watch(wire.socket);
  try {
    return await new Promise<Exchanged>((resolve, reject) => {
      client.dispatch(dispatched(asked), collect(asked, watched, seen, resolve, reject));
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : httpFailure(error);
  } finally {
    void client.destroy(over).catch(ignore);
  }
}

function dispatched({ method, path, headers, dnsMessage, deployed }: Requested) {
  if (deployed !== undefined) return { path, headers, ...deployed };
  if (dnsMessage === undefined) return { method, path, headers };
  const typed = { ...headers, "content-type": "application/dns-message" };
  return { method: "POST", path, headers: typed, body: dnsMessage };
}

function ignore(): void {}

/** What undici ends its socket with when an exchange is done. One for all: nobody reads it. */
const over = new Error("the exchange is over");

function collect(
  { mostBytes, signal }: Requested,
  { version, begunAt, heardAt, mostLateMs }: Watched,
  seen: (exchanged: Exchanged) => void,
  resolve: (exchanged: Exchanged) => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  const start = performance.now();
  const since = (at = performance.now()) => Math.max(0, at - (begunAt() ?? start));
  const chunks: Buffer[] = [];
  let kept = 0;
  let interim = 0;
  let now: Exchanged = { body: Buffer.alloc(0), truncated: false };
  const learn = (more: Partial<Exchanged>) => seen((now = { ...now, ...more }));
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  const finish = (truncated: boolean) => {
    signal.removeEventListener("abort", abort);
    learn({ body: Buffer.concat(chunks), truncated, endAt: since() });
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
      const room = mostBytes - kept;
      chunks.push(chunk.subarray(0, room));
      kept += Math.min(chunk.length, room);
      if (chunk.length > room) {
        finish(true);
        control.abort(new Error("the rest is not wanted"));
      } else learn({ body: chunk });
    },
    onResponseEnd: () => finish(false),
    onResponseError: (_control, error) => reject(error),
  };
}

function known(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? ""]));
}

function httpFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = errorCode(error);
  const sentence = sentences[code];
  if (sentence !== undefined) return new Failure(...sentence);
  const broken = brokenRule(error, code);
  if (broken !== undefined) {
    return new Failure("http.malformed", `the answer breaks the rules of HTTP: ${broken}`);
  }
  const failure = tcpFailure(error);
  return failure.code === "tcp.reset"
    ? new Failure("http.closed", "the connection was reset before the answer was complete")
    : failure;
}

const sentences: Readonly<Record<string, [Code, string]>> = {
  UND_ERR_HEADERS_OVERFLOW: ["http.malformed", "the header section is larger than 16 KiB"],
  UND_ERR_SOCKET: [
    "http.closed",
    "the server closed the connection before its answer was complete",
  ],
};

/** What the parser objects to, if it was the parser. undici's parser errors carry a code only sometimes. */
function brokenRule(error: unknown, code: string): string | undefined {
  if (error instanceof Error && error.name === "HTTPParserError") {
    return /\((.*)\)$/.exec(error.message)?.[1] ?? code;
  }
  return /^(HPE|UND_ERR|ERR_HTTP2)_/.test(code) ? code : undefined;
}
