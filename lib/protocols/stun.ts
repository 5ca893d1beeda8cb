/** The client's side of STUN: one binding request, one response. RFC 8489. */
import { Failure } from "../failure.ts";

const COOKIE = 0x2112a442;
const HEADER = 20;
const REQUEST = 0x0001;
const SUCCESS = 0x0101;
const ERROR = 0x0111;

/** Attributes that are read here, RFC 8489 §18.3 and RFC 5780 §7. */
const kinds = {
  mapped: 0x0001,
  error: 0x0009,
  xorMapped: 0x0020,
  software: 0x8022,
  alternate: 0x8023,
  fingerprint: 0x8028,
  origin: 0x802b,
  other: 0x802c,
} as const;

/** The octets of a transaction id: whoever forges a response has to guess 96 bits. */
export const TRANSACTION = 12;

export function encodeBinding(transaction: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER - TRANSACTION);
  header.writeUInt16BE(REQUEST, 0);
  header.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([header, transaction]);
}

/** How long the message is that begins with these octets; `undefined` when it is no STUN. */
export function lengthOf(header: Buffer): number | undefined {
  const isStun =
    header.length >= 8 && (header[0] ?? 0xff) < 0x40 && header.readUInt32BE(4) === COOKIE;
  return isStun ? HEADER + header.readUInt16BE(2) : undefined;
}

/** Why a message is not the response to this transaction, or `undefined` when it is. */
export function whyNotTheAnswer(bytes: Buffer, transaction: Uint8Array): string | undefined {
  const length = lengthOf(bytes);
  if (length === undefined || bytes.length < HEADER) return `${bytes.length} octets, not of STUN`;
  if (length !== bytes.length) return `${length} octets are announced, ${bytes.length} came`;
  if (!bytes.subarray(8, HEADER).equals(transaction)) return "the transaction is not ours";
  const type = bytes.readUInt16BE(0);
  if (type !== SUCCESS && type !== ERROR) return `a message of type 0x${type.toString(16)}`;
  return hasWrongFingerprint(bytes) ? "the fingerprint is wrong" : undefined;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Binding {
  /** Where the server saw the request come from. */
  readonly mapped: Endpoint;
  readonly software?: string;
  /** Where the response came from, by the server's own word. */
  readonly origin?: Endpoint;
  /** Another address and port of the server, for tests of NAT behaviour. */
  readonly other?: Endpoint;
}

/** Reads a response that passed `whyNotTheAnswer`. Throws `stun.refused` or `stun.malformed`. */
export function decodeBinding(bytes: Buffer): Binding {
  const attributes = attributesOf(bytes);
  if (bytes.readUInt16BE(0) === ERROR) throw refusal(attributes);
  const at = (kind: number, isXored = false) => {
    const value = attributes.get(kind);
    return value === undefined ? undefined : endpointOf(value, isXored ? bytes : undefined);
  };
  const mapped = at(kinds.xorMapped, true) ?? at(kinds.mapped);
  if (mapped === undefined) throw malformed("the response names no mapped address");
  const software = attributes.get(kinds.software)?.subarray(0, 128).toString("utf8");
  const origin = at(kinds.origin);
  const other = at(kinds.other);
  return {
    mapped,
    ...(software === undefined ? {} : { software }),
    ...(origin === undefined ? {} : { origin }),
    ...(other === undefined ? {} : { other }),
  };
}

/** Type, length, value, filled up to four octets. Of a kind that comes twice only the first counts, §14. */
function attributesOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const attributes = new Map<number, Buffer>();
  for (const [kind, at, length] of placesOf(bytes)) {
    if (at + length > bytes.length)
      throw malformed(`attribute 0x${kind.toString(16)} is cut short`);
    if (!attributes.has(kind)) attributes.set(kind, bytes.subarray(at, at + length));
  }
  return attributes;
}

function* placesOf(bytes: Buffer): Generator<readonly [kind: number, at: number, length: number]> {
  for (let at = HEADER; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16BE(at + 2);
    yield [bytes.readUInt16BE(at), at + 4, length];
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
}

const ADDRESS_OCTETS: Readonly<Record<number, number>> = { 1: 4, 2: 16 };

/** With a message: laid over with its cookie and transaction, so that no NAT rewrites it on the way, §14.2. */
function endpointOf(value: Buffer, message?: Buffer): Endpoint {
  const octets = ADDRESS_OCTETS[value[1] ?? 0];
  if (octets === undefined || value.length !== 4 + octets) {
    throw malformed(`an address of ${value.length} octets and family ${value[1] ?? 0}`);
  }
  const mask = message?.subarray(4, 4 + octets);
  const address = value.subarray(4).map((octet, index) => octet ^ (mask?.[index] ?? 0));
  const port = value.readUInt16BE(2) ^ (message === undefined ? 0 : COOKIE >>> 16);
  return { address: textOf(Buffer.from(address)), port };
}

function textOf(address: Buffer): string {
  if (address.length === 4) return address.join(".");
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => address.readUInt16BE(at).toString(16));
  // The shortest spelling, RFC 5952, as URLs have it.
  return new URL(`stun://[${groups.join(":")}]`).hostname.slice(1, -1);
}

function refusal(attributes: ReadonlyMap<number, Buffer>): Failure {
  const error = attributes.get(kinds.error);
  if (error === undefined || error.length < 4) throw malformed("an error without a number");
  const number = ((error[2] ?? 0) & 7) * 100 + (error[3] ?? 0);
  const alternate = attributes.get(kinds.alternate);
  const to = alternate === undefined ? undefined : endpointOf(alternate);
  const reason = error.subarray(4, 132).toString("utf8");
  return new Failure("stun.refused", `the server answers with error ${number} ${reason}`.trim(), {
    number,
    // Shown and never followed.
    ...(to === undefined ? {} : { alternate: `${to.address} port ${to.port}` }),
  });
}

/** FINGERPRINT, §14.7: the CRC-32 of all before it, laid over with a constant. It must come last. */
function hasWrongFingerprint(bytes: Buffer): boolean {
  const place = [...placesOf(bytes)].find(([kind]) => kind === kinds.fingerprint);
  if (place === undefined) return false;
  const [, at, length] = place;
  if (length !== 4 || at + 4 !== bytes.length) return true;
  return bytes.readUInt32BE(at) !== (crc32(bytes.subarray(0, at - 4)) ^ 0x5354554e) >>> 0;
}

/** ITU-T V.42, bit by bit: a response is short. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const octet of bytes) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

function malformed(message: string): Failure {
  return new Failure("stun.malformed", message);
}
