/**
 * What a server's flight of handshake messages says, beyond what Node tells: the chain as it was sent,
 * whether a client certificate is asked for and by whom, and how the hello went. RFC 8446 §4 and, for
 * TLS 1.2 and before, RFC 5246 §7.4. Pure, bounded, and never throws.
 */
import { cursorOver, extensionsOf, vectorsOf } from "./cursor.ts";
import { decryptWith, type Decrypt } from "./decrypt.ts";
import { nameOf } from "./name.ts";
import { recordsOf, spokenIn, type Alert, type Message } from "./records.ts";
import { schemeName } from "./schemes.ts";

/** What was overheard on the connection. */
export interface Overheard {
  readonly sent: Uint8Array;
  readonly received: Uint8Array;
  /** SERVER_HANDSHAKE_TRAFFIC_SECRET, where TLS 1.3 got that far. */
  readonly secret: Uint8Array | undefined;
}

export interface CertificateRequest {
  /** Names of the authorities that the server would accept; empty when it names none. */
  readonly authorities: readonly string[];
  readonly signatureSchemes: readonly string[];
}

export interface Flight {
  /** The version that the server chose, such as 0x0304; absent when no ServerHello came. */
  readonly version: number | undefined;
  readonly clientHelloBytes: number;
  /** The server asked for another hello, with a key share of another group. RFC 8446 §4.1.4. */
  readonly helloRetry: boolean;
  /** DER, in the order of the Certificate message; absent when there was none. */
  readonly chain: readonly Uint8Array[] | undefined;
  readonly certificateRequest: CertificateRequest | undefined;
  /** What the server signed its part of the handshake with. */
  readonly signatureScheme: string | undefined;
  readonly alerts: readonly Alert[];
  /** The first octets that came, whatever they are. */
  readonly opening: Uint8Array;
  /** The server's whole flight was read: what is missing was not sent. */
  readonly complete: boolean;
}

const types = {
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  finished: 20,
} as const;

const extensionTypes = { signatureAlgorithms: 13, supportedVersions: 43, authorities: 47 } as const;

/** OpenSSL itself stops at about 100 KB of certificates. */
const MOST_CERTIFICATES = 200;
const MOST_AUTHORITIES = 100;

const TLS_13 = 0x0304;

/** Enough to tell a protocol by. */
const OPENING = 64;

export function readFlight({ sent, received, secret }: Overheard): Flight {
  const ours = spokenIn(recordsOf(sent), { isNew: () => false, keyAfter: () => undefined });
  const key = keyOnce(secret);
  const { messages, alerts } = spokenIn(recordsOf(received), {
    isNew: (said) => helloIn(said)?.version === TLS_13,
    keyAfter: (said) => key(said),
  });
  const version = helloIn(messages)?.version;
  const body = (type: number) => messages.find((one) => one.type === type)?.body;
  const certificates = body(types.certificate);
  const request = body(types.certificateRequest);
  const hello = ours.messages.find((one) => one.type === types.clientHello);
  return {
    version,
    clientHelloBytes: hello === undefined ? 0 : hello.body.length + 4,
    helloRetry: messages.some(isRetry),
    chain: certificates === undefined ? undefined : chainIn(certificates, version),
    certificateRequest: request === undefined ? undefined : requestIn(request, version),
    signatureScheme: signatureIn(messages, version),
    alerts,
    opening: received.subarray(0, OPENING),
    complete: messages.some(
      ({ type }) => type === types.serverHelloDone || type === types.finished,
    ),
  };
}

/** The handshake key follows from the ServerHello and stays the same for the whole flight. */
function keyOnce(secret: Uint8Array | undefined) {
  let made: Decrypt | undefined;
  return (messages: readonly Message[]): Decrypt | undefined => {
    const hello = helloIn(messages);
    if (made !== undefined || secret === undefined || hello === undefined) return made;
    made = decryptWith(hello.suite, secret);
    return made;
  };
}

/** The last one: a HelloRetryRequest has the same form as the ServerHello that follows it. */
function helloIn(messages: readonly Message[]): { version: number; suite: number } | undefined {
  const body = messages.findLast((one) => one.type === types.serverHello)?.body;
  if (body === undefined) return undefined;
  const cursor = cursorOver(body);
  const legacy = cursor.number(2);
  cursor.bytes(32);
  cursor.vector(1);
  const suite = cursor.number(2);
  cursor.number(1);
  const chosen = extensionsOf(cursor.vector(2)).get(extensionTypes.supportedVersions);
  return { version: chosen === undefined ? legacy : cursorOver(chosen).number(2), suite };
}

/** The SHA-256 of "HelloRetryRequest" in place of the random: RFC 8446 §4.1.3. */
const retry = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

function isRetry({ type, body }: Message): boolean {
  return type === types.serverHello && Buffer.from(body.subarray(2, 34)).toString("hex") === retry;
}

/** RFC 8446 §4.4.2: a context first, and extensions after each certificate. */
function chainIn(body: Uint8Array, version: number | undefined): Uint8Array[] {
  const cursor = cursorOver(body);
  if (version !== TLS_13) return vectorsOf(cursor.vector(3), 3, MOST_CERTIFICATES);
  cursor.vector(1);
  const list = cursorOver(cursor.vector(3));
  const found: Uint8Array[] = [];
  while (list.more() && found.length < MOST_CERTIFICATES) {
    const one = list.vector(3);
    list.vector(2);
    if (one.length > 0) found.push(one);
  }
  return found;
}

function requestIn(body: Uint8Array, version: number | undefined): CertificateRequest {
  const cursor = cursorOver(body);
  // RFC 8446 §4.3.2 here, and RFC 5246 §7.4.4 below.
  if (version === TLS_13) {
    cursor.vector(1);
    const extensions = extensionsOf(cursor.vector(2));
    return requested(
      cursorOver(extensions.get(extensionTypes.authorities) ?? new Uint8Array()).vector(2),
      cursorOver(extensions.get(extensionTypes.signatureAlgorithms) ?? new Uint8Array()).vector(2),
    );
  }
  cursor.vector(1);
  const schemes = version === 0x0303 ? cursor.vector(2) : new Uint8Array();
  return requested(cursor.vector(2), schemes);
}

function requested(authorities: Uint8Array, schemes: Uint8Array): CertificateRequest {
  const names = vectorsOf(authorities, 2, MOST_AUTHORITIES).map(nameOf);
  return { authorities: names.filter((name) => name !== ""), signatureSchemes: schemesIn(schemes) };
}

function schemesIn(bytes: Uint8Array): string[] {
  const cursor = cursorOver(bytes.subarray(0, 128));
  const found: string[] = [];
  while (cursor.more()) found.push(schemeName(cursor.number(2)));
  return found;
}

/** In TLS 1.2 the signature stands in the ServerKeyExchange: RFC 8422 §5.4; none with plain RSA. */
function signatureIn(messages: readonly Message[], version: number | undefined) {
  const verify = messages.find((one) => one.type === types.certificateVerify);
  if (verify !== undefined) return schemeName(cursorOver(verify.body).number(2));
  const exchange = messages.find((one) => one.type === types.serverKeyExchange);
  // Curve type 3: a named curve, the only one in use. Finite-field groups are not read.
  if (version !== 0x0303 || exchange?.body[0] !== 3) return undefined;
  const cursor = cursorOver(exchange.body.subarray(3));
  cursor.vector(1);
  return cursor.more() ? schemeName(cursor.number(2)) : undefined;
}
