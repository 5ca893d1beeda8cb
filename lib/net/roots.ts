/** The roots that Node trusts here, by fingerprint. Read once, and only when a chain needs them. */
import { X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";

let roots: ReadonlySet<string> | undefined;

export function isTrustedRoot(certificate: X509Certificate | undefined): boolean {
  roots ??= new Set(
    getCACertificates("default").map((pem) => new X509Certificate(pem).fingerprint256),
  );
  return certificate !== undefined && roots.has(certificate.fingerprint256);
}
