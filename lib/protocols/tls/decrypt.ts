/**
 * Opens the server's part of a TLS 1.3 handshake with the secret that our own side of the connection
 * has: RFC 8446 §7.3 (keys), §5.2 and §5.3 (records, nonces).
 */
import { createDecipheriv, createHmac, type CipherGCMTypes } from "node:crypto";
import type { TlsRecord } from "./records.ts";

export interface Opened {
  readonly type: number;
  readonly fragment: Uint8Array;
}

/** Opens the next record in order; nothing when it does not authenticate. */
export type Decrypt = (record: TlsRecord) => Opened | undefined;

interface Suite {
  readonly cipher: CipherGCMTypes | "chacha20-poly1305";
  readonly hash: "sha256" | "sha384";
  readonly keyOctets: number;
}

/** RFC 8446 §B.4; the CCM suites are not offered. */
const suites: Readonly<Record<number, Suite>> = {
  0x1301: { cipher: "aes-128-gcm", hash: "sha256", keyOctets: 16 },
  0x1302: { cipher: "aes-256-gcm", hash: "sha384", keyOctets: 32 },
  0x1303: { cipher: "chacha20-poly1305", hash: "sha256", keyOctets: 32 },
};

const TAG = 16;
const NONCE = 12;

/** `secret` is the server's handshake traffic secret. Nothing for a suite that is not of TLS 1.3. */
export function decryptWith(suite: number, secret: Uint8Array): Decrypt | undefined {
  const found = suites[suite];
  if (found === undefined) return undefined;
  const { cipher, hash, keyOctets } = found;
  const key = expandLabel(hash, secret, "key", keyOctets);
  const iv = expandLabel(hash, secret, "iv", NONCE);
  let sequence = 0;
  return ({ header, fragment }) => {
    if (fragment.length <= TAG) return undefined;
    const nonce = nonceOf(iv, sequence);
    sequence += 1;
    const decipher =
      cipher === "chacha20-poly1305"
        ? createDecipheriv(cipher, key, nonce, { authTagLength: TAG })
        : createDecipheriv(cipher, key, nonce);
    decipher.setAAD(header, { plaintextLength: fragment.length - TAG });
    decipher.setAuthTag(fragment.subarray(-TAG));
    const inner = decipher.update(fragment.subarray(0, -TAG));
    try {
      decipher.final();
    } catch {
      return undefined; // another key than the handshake's: what follows is not ours to read
    }
    return unpad(inner);
  };
}

/** The content type is the last octet that is not zero. */
function unpad(inner: Uint8Array): Opened | undefined {
  const at = inner.findLastIndex((octet) => octet !== 0);
  return at < 0 ? undefined : { type: inner[at] ?? 0, fragment: inner.subarray(0, at) };
}

/** The sequence number, padded on the left, XOR the IV. */
function nonceOf(iv: Buffer, sequence: number): Buffer {
  const nonce = Buffer.from(iv);
  nonce.writeUInt32BE((nonce.readUInt32BE(NONCE - 4) ^ sequence) >>> 0, NONCE - 4);
  return nonce;
}

/** HKDF-Expand-Label with an empty context, for no more octets than one block of the hash. */
function expandLabel(hash: string, secret: Uint8Array, label: string, octets: number): Buffer {
  const full = `tls13 ${label}`;
  const info = Buffer.concat([
    Buffer.of(0, octets, full.length),
    Buffer.from(full, "latin1"),
    // An empty context, and the counter of the first block: RFC 5869 §2.3.
    Buffer.of(0, 1),
  ]);
  return createHmac(hash, secret).update(info).digest().subarray(0, octets);
}
