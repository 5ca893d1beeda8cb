/**
 * The first words of SMB 2 and 3, [MS-SMB2] 2.2.3 and 2.2.4: which dialects are known, and what the server makes of
 * them. Nobody is named and nothing is asked for.
 */
import { randomBytes } from "node:crypto";
import { malformed, wrongProtocol, type Talk } from "./talk.ts";

/** From number to name, oldest first. */
const dialects: Readonly<Record<number, string>> = {
  0x0202: "2.0.2",
  0x0210: "2.1",
  0x0300: "3.0",
  0x0302: "3.0.2",
  0x0311: "3.1.1",
};

const ciphers: Readonly<Record<number, string>> = {
  1: "AES-128-CCM",
  2: "AES-128-GCM",
  3: "AES-256-CCM",
  4: "AES-256-GCM",
};

const contexts = { preauth: 1, encryption: 2, signing: 8 } as const;

/** Everything a client may be able to do: what the server leaves of it is its own. */
const CAPABILITIES = 0x7f;
const ENCRYPTS = 0x40;
const SIGNING_ENABLED = 1;
const SIGNING_REQUIRED = 2;

const HEADER = 64;
const MAGIC = Buffer.from("\xfeSMB", "latin1");
const LONGEST = 0x10000;

/** NEGOTIATE with every dialect, the ciphers in the order a client of today would have them. */
export function encodeNegotiate(): Buffer {
  const header = Buffer.alloc(HEADER);
  MAGIC.copy(header);
  header.writeUInt16LE(HEADER, 4);
  header.writeUInt16LE(1, 14); // one credit
  const numbers = Object.keys(dialects).map(Number);
  const offered = [4, 2, 3, 1];
  const extras = [
    context(contexts.preauth, Buffer.concat([words(1, 32, 1), randomBytes(32)])), // SHA-512, a salt
    context(contexts.encryption, words(offered.length, ...offered)),
    context(contexts.signing, words(3, 2, 1, 0)), // AES-GMAC, AES-CMAC, HMAC-SHA256
  ];
  const body = Buffer.alloc(36);
  body.writeUInt16LE(36, 0);
  body.writeUInt16LE(numbers.length, 2);
  body.writeUInt16LE(SIGNING_ENABLED, 4);
  body.writeUInt32LE(CAPABILITIES, 8);
  randomBytes(16).copy(body, 12);
  const before = padded(Buffer.concat([header, body, words(...numbers)]));
  before.writeUInt32LE(before.length, HEADER + 28);
  before.writeUInt16LE(extras.length, HEADER + 32);
  const message = Buffer.concat([before, ...extras.map(padded)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, 2 * index);
  return bytes;
}

function context(kind: number, data: Buffer): Buffer {
  return Buffer.concat([words(kind, data.length, 0, 0), data]);
}

/** Contexts begin at multiples of eight octets. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 7)]);
}

export interface Negotiated {
  /** 0 is success, otherwise an NTSTATUS. */
  readonly status: number;
  readonly dialect?: string;
  readonly signing?: "required" | "enabled" | "disabled";
  /** Of the session, if one came about: a cipher, `AES-128-CCM` where 3.0 has no choice, or `none`. */
  readonly encryption?: string;
  /** By the server's clock, milliseconds since 1970; absent where it does not say. */
  readonly timeMs?: number;
}

/** The answer. Throws `service.wrong_protocol` and `service.malformed`. */
export async function readNegotiated(talk: Talk): Promise<Negotiated> {
  const length = (await talk.octets(4)).readUInt32BE();
  if (length < HEADER + 8 || length > LONGEST) throw wrongProtocol(talk, "SMB");
  const magic = await talk.octets(4);
  if (!magic.equals(MAGIC)) throw wrongProtocol(talk, "SMB");
  const message = Buffer.concat([magic, await talk.octets(length - 4)]);
  const status = message.readUInt32LE(8);
  if (status !== 0) return { status };
  const body = message.subarray(HEADER);
  if (body.length < 64 || body.readUInt16LE(0) !== 65) {
    throw malformed("SMB", "the answer to NEGOTIATE is cut short");
  }
  const number = body.readUInt16LE(4);
  const dialect = dialects[number] ?? `0x${number.toString(16)}`;
  const time = unixMs(body.readBigUInt64LE(40));
  return {
    status,
    dialect,
    signing: signingOf(body.readUInt16LE(2)),
    encryption: encryptionOf(message, body, number),
    ...(time === undefined ? {} : { timeMs: time }),
  };
}

function signingOf(mode: number): "required" | "enabled" | "disabled" {
  if ((mode & SIGNING_REQUIRED) !== 0) return "required";
  return (mode & SIGNING_ENABLED) === 0 ? "disabled" : "enabled";
}

/** From 3.1.1 on the server picks a cipher; before, a capability says whether there is any. */
function encryptionOf(message: Buffer, body: Buffer, dialect: number): string {
  if (dialect < 0x0311) {
    return (body.readUInt32LE(24) & ENCRYPTS) === 0 ? "none" : "AES-128-CCM";
  }
  let at = body.readUInt32LE(60);
  for (let left = body.readUInt16LE(6); left > 0; left -= 1) {
    if (at + 8 > message.length) throw malformed("SMB", "a context is outside of the answer");
    const end = at + 8 + message.readUInt16LE(at + 2);
    if (end > message.length) throw malformed("SMB", "a context is outside of the answer");
    if (message.readUInt16LE(at) === contexts.encryption && end >= at + 12) {
      const cipher = message.readUInt16LE(at + 10);
      return cipher === 0 ? "none" : (ciphers[cipher] ?? `0x${cipher.toString(16)}`);
    }
    at = end + (-end & 7);
  }
  return "none";
}

/** Tenths of microseconds since 1601, [MS-DTYP] 2.3.3. */
function unixMs(filetime: bigint): number | undefined {
  return filetime === 0n ? undefined : Number(filetime / 10_000n) - 11_644_473_600_000;
}
