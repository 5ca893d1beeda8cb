/** One call over HTTP/2 with prior knowledge, trailers and all: what gRPC is made of. RFC 9113. */
import type { ClientHttp2Session, IncomingHttpHeaders } from "node:http2";
import { Failure } from "../failure.ts";
import { errorCode, tcpFailure } from "./classify.ts";
import type { SocketWire } from "./wire.ts";

export interface Call {
  /** Scheme and authority, as they stand in the request. */
  readonly origin: string;
  readonly authority: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly message: Uint8Array;
  /** More than this of an answer is not read. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

export interface Called {
  readonly status: number;
  /** Names in lower case. An answer without a body may hold there what trailers hold otherwise. */
  readonly headers: Readonly<Record<string, string>>;
  readonly trailers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Rejects with `grpc.not_grpc` when the other side does not speak HTTP/2, `http.closed` or `http.malformed`
 * when it stops doing so, or the reason of `signal`. The wire is of no use afterwards.
 */
export async function callOver(wire: SocketWire, call: Call): Promise<Called> {
  const { connect } = await import("node:http2");
  call.signal.throwIfAborted();
  const session = connect(call.origin, {
    createConnection: () => wire.socket,
    settings: { enablePush: false },
    maxSessionMemory: 1,
  });
  let speaks = false;
  session.once("remoteSettings", () => (speaks = true));
  try {
    return await exchange(session, call);
  } catch (error) {
    if (call.signal.aborted) throw call.signal.reason;
    throw failureOf(error, speaks);
  } finally {
    session.destroy();
  }
}

function exchange(session: ClientHttp2Session, call: Call): Promise<Called> {
  const { authority, path, headers, message, mostBytes, signal } = call;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    session.on("error", reject).on("close", () => reject(closed()));
    const fields = { ":method": "POST", ":path": path, ":authority": authority, ...headers };
    const stream = session.request(fields);
    let known: Omit<Called, "trailers" | "body"> | undefined;
    let trailers: Called["trailers"] = {};
    const chunks: Buffer[] = [];
    let heard = 0;
    stream.on("error", reject);
    stream.on("response", (answer) => {
      known = { status: answer[":status"] ?? 0, headers: plain(answer) };
    });
    stream.on("trailers", (answer) => (trailers = plain(answer)));
    stream.on("data", (chunk: Buffer) => {
      heard += chunk.length;
      chunks.push(chunk);
      if (heard > mostBytes) reject(new Failure("http.malformed", tooLong(mostBytes)));
    });
    stream.on("close", () => {
      signal.removeEventListener("abort", abort);
      if (known === undefined) reject(closed());
      else resolve({ ...known, trailers, body: Buffer.concat(chunks) });
    });
    stream.end(message);
  });
}

function plain(fields: IncomingHttpHeaders): Record<string, string> {
  const named = Object.entries(fields).filter(([name]) => !name.startsWith(":"));
  return Object.fromEntries(named.map(([name, value]) => [name, [value ?? ""].flat().join(", ")]));
}

const closed = () =>
  new Failure("http.closed", "the connection ended before the call was answered");
const tooLong = (most: number) => `the answer is longer than ${most} octets`;

function failureOf(error: unknown, speaks: boolean): unknown {
  const code = errorCode(error);
  if (!speaks && (code.startsWith("ERR_HTTP2_") || isClosed(error))) {
    return new Failure("grpc.not_grpc", "what came back is not HTTP/2, which gRPC needs");
  }
  if (error instanceof Failure) return error;
  if (code.startsWith("ERR_HTTP2_")) {
    const said = error instanceof Error ? error.message : code;
    return new Failure("http.malformed", `the call ended against the rules of HTTP/2: ${said}`);
  }
  const failure = tcpFailure(error);
  return failure.code === "tcp.reset" ? closed() : failure;
}

function isClosed(error: unknown): boolean {
  return error instanceof Failure && error.code === "http.closed";
}
