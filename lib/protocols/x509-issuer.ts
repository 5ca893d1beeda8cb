/** What is characteristic of the name of an issuer. RFC 5280 §4.1.2.4. */
import { elementsAt, elementsOf } from "./der.ts";

/** `[0]`, the version, which the first version did without. */
const VERSION = 0xa0;

const none = new Uint8Array();

/**
 * The longest text in the issuer's name, as it is encoded: whoever issued the certificate holds the same octets
 * in its own subject, whatever kind of string they are called. Empty when there is none. @param certificate DER
 */
export function issuerTextIn(certificate: Uint8Array): Uint8Array {
  const parts = elementsAt(certificate, 0);
  const [, , issuer] = parts[0]?.tag === VERSION ? parts.slice(1) : parts;
  return elementsOf(issuer?.value ?? none)
    .flatMap((set) => elementsOf(set.value))
    .map((pair) => elementsOf(pair.value)[1]?.value ?? none)
    .reduce((longest, text) => (text.length > longest.length ? text : longest), none);
}
