/** What Node leaves in the extensions of a certificate. RFC 5280 §4.2, RFC 6962 §3.3. */
import { elementsAt, elementsOf, oidOf, readDer, tags } from "./der.ts";

const oids = {
  crlDistributionPoints: "2.5.29.31",
  authorityInformation: "1.3.6.1.5.5.7.1.1",
  ocsp: "1.3.6.1.5.5.7.48.1",
  signedTimestamps: "1.3.6.1.4.1.11129.2.4.2",
} as const;

/** `[3]`, where the extensions stand in a certificate, and `[6]`, a URI among general names. */
const EXTENSIONS = 0xa3;
const URI = 0x86;

const URLS_SHOWN = 8;

export interface Revocation {
  /** Where revocation lists are fetched from. */
  readonly crl: string[];
  /** Who is asked about one certificate. */
  readonly ocsp: string[];
}

/** @param certificate DER */
export function revocationOf(certificate: Uint8Array): Revocation {
  const points = extensionOf(certificate, oids.crlDistributionPoints);
  const access = elementsAt(extensionOf(certificate, oids.authorityInformation))
    .map((pair) => elementsOf(pair.value))
    .filter(([method]) => method?.tag === tags.oid && oidOf(method.value) === oids.ocsp)
    .flatMap(([, location]) => (location?.tag === URI ? [text(location.value)] : []));
  return { crl: urisIn(points, 5).slice(0, URLS_SHOWN), ocsp: access.slice(0, URLS_SHOWN) };
}

/** How many logs vouch for having seen the certificate. */
export function timestampsIn(certificate: Uint8Array): number {
  const list = readDer(extensionOf(certificate, oids.signedTimestamps));
  if (list?.tag !== tags.octetString) return 0;
  let count = 0;
  // A vector of vectors, each after a length of two octets.
  for (let at = 2; at + 2 <= list.value.length; count += 1) {
    at += 2 + (list.value[at] ?? 0) * 256 + (list.value[at + 1] ?? 0);
  }
  return count;
}

const none = new Uint8Array();

/** The contents of an extension's OCTET STRING; empty when the certificate has none of this name. */
function extensionOf(certificate: Uint8Array, oid: string): Uint8Array {
  const extensions = elementsAt(certificate, 0).find(({ tag }) => tag === EXTENSIONS);
  const found = elementsAt(extensions?.value ?? none)
    .map(({ value }) => elementsOf(value))
    .find(([name]) => name?.tag === tags.oid && oidOf(name.value) === oid);
  return found?.at(-1)?.value ?? none;
}

/** Every URI in a nest of constructed elements, no deeper than `depth`. */
function urisIn(bytes: Uint8Array, depth: number): string[] {
  return elementsOf(bytes).flatMap(({ tag, value }) => {
    if (tag === URI) return [text(value)];
    const constructed = (tag & 0x20) !== 0;
    return constructed && depth > 0 ? urisIn(value, depth - 1) : [];
  });
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 512)).toString("latin1");
}
