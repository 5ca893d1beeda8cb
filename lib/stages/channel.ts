/** What carries a DNS message over a stream: its framing, TLS, HTTPS. */
import { Failure } from "../failure.ts";
import { request } from "../net/request.ts";
import { secure } from "../net/secure.ts";
import type { SocketWire } from "../net/wire.ts";
import { placeOf } from "../protocols/authority.ts";
import { faultsOf } from "../protocols/x509.ts";
import type { Dialogue } from "./carry.ts";

/** A length of two octets before each message: RFC 7766 §8. */
export async function framed(wire: SocketWire, payload: Uint8Array, signal: AbortSignal) {
  wire.write(Buffer.concat([Buffer.from([payload.length >> 8, payload.length & 0xff]), payload]));
  const [high = 0, low = 0] = await wire.read(2, signal);
  const length = high * 256 + low;
  try {
    return await wire.read(length, signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "tcp.closed") throw error;
    throw new Failure("dns.malformed", `the message ends before its announced ${length} octets`);
  }
}

/** TLS to a name server. Its certificate is judged and noted; the question is asked all the same. */
export async function secured(
  plain: SocketWire,
  { target, secured: tell }: Dialogue,
  transport: "tls" | "https",
  signal: AbortSignal,
): Promise<SocketWire> {
  const { host: name, isAddress } = target;
  const alpn = transport === "tls" ? ["dot"] : ["h2", "http/1.1"];
  const session = await secure(plain, { name, isAddress, alpn, signal });
  const faults = faultsOf({ ...session, now: Date.now() });
  tell({
    protocol: session.protocol,
    ...(session.alpn === undefined ? {} : { alpn: session.alpn }),
    trusted: faults.length === 0,
    faults: [...faults],
  });
  return session.wire;
}

/** RFC 8484 §4. Whatever is not a DNS message with status 200 is not the answer. */
export async function overHttp(
  wire: SocketWire,
  payload: Uint8Array,
  { target, question }: Dialogue,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const at = target.path === "/" ? "/dns-query" : target.path;
  const encoded = Buffer.from(payload).toString("base64url");
  const isPost = question.doh === "POST";
  const asked = {
    origin: `https://${placeOf(target)}`,
    method: "GET" as const,
    path: isPost ? at : `${at}${at.includes("?") ? "&" : "?"}dns=${encoded}`,
    headers: { accept: "application/dns-message" },
    ...(isPost ? { dnsMessage: payload } : {}),
    mostBytes: 0xffff,
    signal,
  };
  const { status = 0, headers = {}, body } = await request(wire, asked, () => {});
  const type = String(headers["content-type"] ?? "nothing");
  if (status === 200 && /^application\/dns-message\b/i.test(type)) return body;
  throw httpFailure(status, type);
}

function httpFailure(status: number, type: string): Failure {
  if (status < 400) {
    return new Failure("dns.malformed", `HTTP status ${status} with ${type} is no DNS answer`);
  }
  const code = status < 500 ? "http.client_error" : "http.status";
  return new Failure(code, `HTTP status ${status}`, { status });
}
