/** Certificates as they were overheard, or as Node hands them over: parsed once, and remembered. */
import { createHash, X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate } from "node:tls";

/** A chain longer than this is shown cut: it is the server's to invent. */
const CHAIN_SHOWN = 10;

/** The legacy form ends in a root that issues itself, and a hostile chain may go in circles. */
export function chainFrom(leaf: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = leaf;
  while (next?.raw !== undefined && !seen.has(next.fingerprint256) && chain.length < CHAIN_SHOWN) {
    seen.add(next.fingerprint256);
    chain.push(remembered(next.fingerprint256.replaceAll(":", "").toLowerCase(), next.raw));
    next = next.issuerCertificate;
  }
  return chain;
}

/** What was sent, in its order; what does not parse is left out. */
export function parsedChain(sent: readonly Uint8Array[]): X509Certificate[] {
  return sent.flatMap((der) => {
    try {
      return [remembered(createHash("sha256").update(der).digest("hex"), der)];
    } catch {
      return []; // not a certificate: OpenSSL has refused it, or will
    }
  });
}

/** By SHA-256: the same ones come back, and each remembers what was read from it. */
const certificates = new Map<string, X509Certificate>();
const REMEMBERED = 256;

function remembered(print: string, der: Uint8Array): X509Certificate {
  const known = certificates.get(print) ?? new X509Certificate(der);
  // Most recently used last, so that the first is the one to forget.
  certificates.delete(print);
  certificates.set(print, known);
  const [oldest] = certificates.keys();
  if (certificates.size > REMEMBERED && oldest !== undefined) certificates.delete(oldest);
  return known;
}
