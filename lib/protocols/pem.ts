/**
 * Certificates and private keys as PEM text, RFC 7468. Whoever asks hears whether a text will do and never why
 * not: the parser's own words might hold a part of what it was given.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Every certificate in the text, each once; undefined when there is none, or one that cannot be read. */
export function certificatesIn(pem: string): readonly string[] | undefined {
  const found = [...new Set(pem.match(block))];
  const reads = () => found.map((one) => new X509Certificate(one)).length > 0;
  return holds(reads) ? found : undefined;
}

/** Whether this is a private key without a password, and that of the first certificate in `cert`. */
export function isKeyOf(key: string, cert: string): boolean {
  return holds(() => new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)));
}

function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false; // what cannot be read is no certificate, or no key
  }
}
