/** From Node's IncomingMessage to what the Functions host would send to the worker. */
import { type IncomingMessage } from "node:http";
import { type Boxed, type HttpData } from "./rpc.ts";

/** Lower-case name -> every value it came with, in order. */
type Headers = Map<string, string[]>;

export interface Arrived {
  readonly method: string;
  /** Encoded, as sent. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly headers: Headers;
  scheme: string;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads method, target and headers; the body waits until a function is found and allowed. Nothing
 * when a header value is not UTF-8: Kestrel answers 400 to that.
 */
export function arrive(message: IncomingMessage): Arrived | undefined {
  const headers = headersOf(message.rawHeaders);
  if (headers === undefined) return undefined;
  // A proxy-style target (RFC 9112, 3.2.2) carries the origin too; only its path counts here.
  const target = (message.url ?? "/").replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, "");
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark);
  return { method: message.method ?? "GET", path: path || "/", query, headers, scheme: "http" };
}

function headersOf(raw: readonly string[]): Headers | undefined {
  const headers: Headers = new Map();
  for (const [at, text] of raw.entries()) {
    if (at % 2 === 0) continue;
    const value = decodeValue(text);
    if (value === undefined) return undefined;
    const name = raw[at - 1]?.toLowerCase() ?? "";
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return headers;
}

/** Node hands header bytes over as Latin-1; Kestrel reads them as UTF-8. */
function decodeValue(value: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(value, "latin1"));
  } catch {
    return undefined;
  }
}

/** Query parameters as ASP.NET sees them: names ignore case, and a repeated one is joined by ",". */
function queryOf(query: string): Map<string, string> {
  const spelling = new Map<string, string>();
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const first = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), first);
    const before = joined.get(first);
    joined.set(first, before === undefined ? value : `${before},${value}`);
  }
  return joined;
}

/** Whether the body is longer than the host takes: 100 MiB, or FUNCTIONS_REQUEST_BODY_SIZE_LIMIT. */
export function tooLarge(message: IncomingMessage): boolean {
  const limit = Number(process.env["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] || 104_857_600);
  return announced(message) > limit;
}

/**
 * Reads the body. The host fills it only when a Content-Length says there is one: a chunked request
 * reaches the function empty, here as there.
 */
export async function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  if (announced(message) === 0) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function announced(message: IncomingMessage): number {
  return Number(message.headers["content-length"] ?? 0);
}

/** The message to the worker: names lower-cased, values joined by a bare comma. */
export function toHttpData(
  arrived: Arrived,
  params: ReadonlyMap<string, string>,
  bytes: Uint8Array | undefined,
): HttpData {
  const headers = new Map([...arrived.headers].map(([name, values]) => [name, values.join(",")]));
  const { scheme, path, query, method } = arrived;
  return {
    url: `${scheme}://${headers.get("host") ?? ""}${path}${query}`,
    method,
    nullableHeaders: boxed(headers),
    nullableQuery: boxed(queryOf(query)),
    nullableParams: boxed(params),
    ...(bytes && { body: { bytes } }),
  };
}

function boxed(map: ReadonlyMap<string, string>): Boxed {
  return Object.fromEntries([...map].map(([name, value]) => [name, { value }]));
}
