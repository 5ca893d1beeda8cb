/**
 * One HTTP exchange over a wire that is already there. undici speaks the protocol, HTTP/1.1 or what
 * ALPN agreed on; it never resolves, never connects, never follows and never decodes.
 */
import { Failure, type Code } from "../failure.ts";
import { printable, speaks, titleOf } from "../protocols/speaks.ts";
import { errorCode, tcpFailure } from "./classify.ts";
import { loadClient } from "./client.ts";
import { collect, type Exchanged } from "./collect.ts";
import { watch } from "./watched.ts";
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
      client.dispatch(dispatched(asked), collect(asked, watched, { seen, resolve, reject }));
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : httpFailure(error, watched.opening());
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

function httpFailure(error: unknown, opening: string): Failure {
  if (error instanceof Failure) return error;
  const code = errorCode(error);
  const broken = brokenRule(error, code);
  const other = broken === undefined ? undefined : otherThanHttp(opening);
  if (other !== undefined) return other;
  const sentence = sentences[code];
  if (sentence !== undefined) return new Failure(...sentence);
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

/** What came instead of HTTP, where its first octets tell. */
function otherThanHttp(opening: string): Failure | undefined {
  // Empty lines before it are passed over (RFC 9112 §2.2).
  const begun = opening.trimStart().slice(0, 5);
  if (opening === "" || "HTTP/".startsWith(begun)) return undefined;
  const bytes = Buffer.from(opening, "latin1");
  const found = speaks(bytes);
  const what = titleOf(found) ?? `it begins with "${printable(bytes, 40)}"`;
  return new Failure("http.malformed", `the answer is not HTTP: ${what}`, { speaks: found });
}

/** What the parser objects to, if it was the parser. undici's parser errors carry a code only sometimes. */
function brokenRule(error: unknown, code: string): string | undefined {
  if (error instanceof Error && error.name === "HTTPParserError") {
    return /\((.*)\)$/.exec(error.message)?.[1] ?? code;
  }
  return /^(HPE|UND_ERR|ERR_HTTP2)_/.test(code) ? code : undefined;
}
