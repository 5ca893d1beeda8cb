/**
 * The client's side of NTP: one question of 48 octets, one answer of at least as many. RFC 5905 §7.3,
 * and RFC 4330 §5 for the checks a simple client makes.
 */
import { Failure } from "../failure.ts";
import { msBetween, timestampOf } from "./ntp-time.ts";

export const leaps = ["none", "insert", "delete", "unsynchronised"] as const;
export type Leap = (typeof leaps)[number];

export interface Reply {
  /** What becomes of the last minute of the day; `unsynchronised` says that the clock is not set. */
  readonly leap: Leap;
  readonly version: number;
  readonly mode: number;
  /** Hops to a reference clock; 0 is unspecified or a kiss-o'-death, from 16 on unsynchronised. */
  readonly stratum: number;
  /** How finely the server reads its clock. */
  readonly precisionMs: number;
  /** Round trip from the server to the reference clock. */
  readonly rootDelayMs: number;
  /** The error that may have gathered on the way from the reference clock. */
  readonly rootDispersionMs: number;
  /** The four octets as a number. */
  readonly referenceId: number;
  /** When the server's clock was last set. Timestamps; 0n is unknown. */
  readonly reference: bigint;
  /** Our own transmit timestamp, sent back. */
  readonly originate: bigint;
  readonly receive: bigint;
  readonly transmit: bigint;
}

const OCTETS = 48;
const CLIENT = 3;
const SERVER = 4;
const modes = ["reserved", "symmetric active", "symmetric passive", "client", "server"];

/**
 * The question. Everything but the first octet and the transmit timestamp stays zero, because a server
 * needs none of it. The timestamp is a random number: the server only sends it back, the time of sending
 * is nobody else's business, and whoever forges an answer has to guess 64 bits.
 */
export function encodeRequest(nonce: bigint): Uint8Array {
  const bytes = Buffer.alloc(OCTETS);
  bytes[0] = (4 << 3) | CLIENT; // leap 0, version 4
  bytes.writeBigUInt64BE(nonce, 40);
  return bytes;
}

/** Reads the header. What follows it, extension fields and an authenticator, is left. Throws `ntp.malformed`. */
export function decodeReply(bytes: Uint8Array): Reply {
  const { byteOffset, length } = bytes;
  if (length < OCTETS) {
    throw new Failure("ntp.malformed", `${length} octets came back: an answer has ${OCTETS}`);
  }
  const view = new DataView(bytes.buffer, byteOffset, length);
  const first = view.getUint8(0);
  return {
    leap: leaps[first >> 6] ?? "unsynchronised",
    version: (first >> 3) & 7,
    mode: first & 7,
    stratum: view.getUint8(1),
    precisionMs: 1000 * 2 ** view.getInt8(3),
    rootDelayMs: shortMs(view.getInt32(4)),
    rootDispersionMs: shortMs(view.getUint32(8)),
    referenceId: view.getUint32(12),
    reference: view.getBigUint64(16),
    originate: view.getBigUint64(24),
    receive: view.getBigUint64(32),
    transmit: view.getBigUint64(40),
  };
}

/** NTP's short format: 16 bits of seconds, 16 of fraction. */
function shortMs(value: number): number {
  return (value / 0x1_0000) * 1000;
}

/** Why a datagram is not the answer to the question with this nonce, or `undefined` when it is. */
export function whyNotTheAnswer(bytes: Uint8Array, nonce: bigint): string | undefined {
  if (bytes.length < OCTETS) return `${bytes.length} octets, ${OCTETS} are needed`;
  const { mode, originate } = decodeReply(bytes);
  if (mode !== SERVER) return `mode ${mode} (${modes[mode] ?? "not of a server"})`;
  return originate === nonce ? undefined : "the originate timestamp is not the one that was sent";
}

/** What stratum 0 says in its reference id: RFC 5905 §7.4 and the IANA registry of kiss codes. */
const kisses: Readonly<Record<string, string>> = {
  ACST: "the association belongs to a unicast server",
  AUTH: "authentication by the server failed",
  AUTO: "the Autokey sequence failed",
  BCST: "the association belongs to a broadcast server",
  CRYP: "cryptographic authentication failed",
  DENY: "the server denies this client access",
  DROP: "the server lost its peer",
  RSTR: "the server's local policy denies this client access",
  MCST: "the association belongs to a server found by discovery",
  NKEY: "the server knows no such key",
  NTSN: "the server could not verify the NTS cookie",
  RATE: "the server asks this client to send less often",
  RMOT: "somebody is altering the association from elsewhere",
};

/** Codes of a server that has just started, or just set its clock: it is not ready, and kisses nobody. */
const notYet = new Set(["INIT", "STEP"]);

/** The code of a kiss-o'-death: an answer that holds no time and bids the client slow down or leave. */
export function kissOf({ stratum, referenceId }: Reply): string | undefined {
  const code = textOf(referenceId);
  return stratum !== 0 || notYet.has(code) || !/^[A-Z][A-Z0-9]{3}$/.test(code) ? undefined : code;
}

/** The no in an answer, or `undefined` when it tells the time. */
export function refusalOf(reply: Reply): Failure | undefined {
  const { leap, stratum, version, receive, transmit } = reply;
  const kiss = kissOf(reply);
  if (kiss !== undefined) {
    const says = kisses[kiss] ?? "a code that is not registered";
    return new Failure("ntp.kod", `kiss-o'-death ${kiss}: ${says}`, { kiss });
  }
  if (version < 1 || version > 4) {
    return new Failure("ntp.malformed", `the answer is of version ${version}`, { version });
  }
  if (stratum === 0 || stratum > 15 || leap === "unsynchronised") {
    const message = `the server says that its clock is not set: stratum ${stratum}, leap ${leap}`;
    return new Failure("ntp.unsynchronised", message, { stratum, leap });
  }
  return receive === 0n || transmit === 0n
    ? new Failure("ntp.malformed", "the answer holds no time: a timestamp is zero")
    : undefined;
}

export const referenceKinds = ["code", "local", "address", "hash"] as const;

export interface Reference {
  readonly id: string;
  readonly kind: (typeof referenceKinds)[number];
}

/**
 * What the server takes its time from, RFC 5905 §7.3: up to stratum 1 four characters, then an address.
 * Of an IPv6 address only four octets of its MD5 hash are sent; the packet does not tell the two apart,
 * so only what no host can have as its address is called a hash. 127.127.1.* stands for no host but for
 * the server's own clock, which nothing sets right.
 */
export function referenceOf({ stratum, referenceId }: Reply): Reference {
  const hex = referenceId.toString(16).padStart(8, "0").toUpperCase();
  if (stratum < 2) {
    const text = textOf(referenceId);
    return { id: /^[\x21-\x7e]+$/.test(text) ? text : hex, kind: "code" };
  }
  const id = octetsOf(referenceId).join(".");
  if (id.startsWith("127.127.1.")) return { id, kind: "local" };
  const first = referenceId >>> 24;
  return first === 0 || first >= 224 ? { id: hex, kind: "hash" } : { id, kind: "address" };
}

function octetsOf(referenceId: number): number[] {
  return [24, 16, 8, 0].map((shift) => (referenceId >>> shift) & 0xff);
}

/** Four characters; shorter codes are padded with zeros. */
function textOf(referenceId: number): string {
  return String.fromCharCode(...octetsOf(referenceId)).replace(/\0+$/, "");
}

export interface Measured {
  /** How far the server's clock is ahead of ours. */
  readonly offsetMs: number;
  /** The round trip, without the time the server held the question. */
  readonly delayMs: number;
}

/**
 * Offset and delay by the four timestamps, RFC 5905 §8; ours in milliseconds since 1970. Throws
 * `ntp.malformed` when the server claims to have held the question for longer than we waited, or for less
 * than no time: then half the delay is no bound for the error. As much as its clock is coarse is forgiven.
 */
export function measure(reply: Reply, sentMs: number, heardMs: number): Measured {
  const there = msBetween(timestampOf(sentMs), reply.receive);
  const back = msBetween(timestampOf(heardMs), reply.transmit);
  const delayMs = there - back;
  const waitedMs = heardMs - sentMs;
  const forgivenMs = reply.precisionMs + 1;
  if (delayMs < -forgivenMs || delayMs > waitedMs + forgivenMs) {
    const held = (waitedMs - delayMs).toFixed(1);
    const message = `the server claims to have held the question for ${held} ms of ${waitedMs.toFixed(1)} ms`;
    throw new Failure("ntp.malformed", message);
  }
  return { offsetMs: (there + back) / 2, delayMs: Math.max(0, delayMs) };
}
