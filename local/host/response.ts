/** From the worker's answer to bytes on the connection. */
import { type ServerResponse } from "node:http";
import { type Cookie, type HttpAnswer } from "./rpc.ts";

export interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

const nothing = new Uint8Array();

/** An answer of the host itself: a status, no body. */
export function bare(status: number): Reply {
  return { status, headers: [], body: nothing };
}

/** What a function answered. A handler that returns nothing is 204. */
export function toReply(answer: HttpAnswer | undefined): Reply {
  if (answer === undefined) return bare(204);
  const cookies = answer.cookies.map((cookie) => ["set-cookie", writeCookie(cookie)] as const);
  return {
    status: Number(answer.statusCode),
    headers: [...Object.entries(answer.headers), ...cookies],
    body: answer.body.bytes,
  };
}

/** Sends a reply whole, adding each custom header of host.json that it does not carry itself. */
export function send(
  response: ServerResponse,
  reply: Reply,
  customHeaders: Readonly<Record<string, string>>,
): void {
  response.statusCode = reply.status;
  for (const [name, value] of reply.headers) response.appendHeader(name, value);
  for (const [name, value] of Object.entries(customHeaders)) {
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
  // The body is buffered, so its true length is known, whatever the function may have claimed.
  if (![204, 304].includes(reply.status)) {
    response.setHeader("content-length", reply.body.byteLength);
  }
  response.end(reply.body);
}

/** RFC 6265, 4.1, in the order and with the defaults of ASP.NET Core: the path is "/" unless given. */
function writeCookie(cookie: Cookie): string {
  const { name, value, expires, maxAge, domain, path, sameSite } = cookie;
  const attributes: readonly (readonly [name: string, value: string | undefined])[] = [
    ["expires", expires && new Date(expires.value.seconds * 1000).toUTCString()],
    ["max-age", maxAge && String(Math.trunc(maxAge.value))],
    ["domain", domain?.value],
    ["path", path?.value ?? "/"],
    ["secure", flag(cookie.secure)],
    ["samesite", sameSite === "none" ? undefined : sameSite.replace("explicitNone", "none")],
    ["httponly", flag(cookie.httpOnly)],
  ];
  const written = attributes.flatMap(([attribute, text]) =>
    text === undefined ? [] : [text === "" ? attribute : `${attribute}=${text}`],
  );
  return [`${name}=${escapeData(value)}`, ...written].join("; ");
}

/** An attribute without a value: present when true. */
function flag(box: { readonly value: boolean } | undefined): "" | undefined {
  return box?.value ? "" : undefined;
}

/** Uri.EscapeDataString: RFC 3986 unreserved characters stay, everything else is escaped. */
function escapeData(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
