/**
 * A chain as it was sent, held against what RFC 8446 §4.4.2 and RFC 5246 §7.4.2 ask for: the server's own
 * certificate first, then each issuer after what it issued, the root at liberty.
 */
import type { X509Certificate } from "node:crypto";
import type { oddities } from "../facts/session.ts";

type Oddity = (typeof oddities)[number];

/** A path longer than this is not followed: it is the server's to invent. */
const LONGEST = 10;

/**
 * From the leaf upwards, as far as it leads: by what is trusted, which `issuerOf` knows, before what was
 * sent, as OpenSSL does. A cycle ends it.
 */
export function pathIn(
  sent: readonly X509Certificate[],
  issuerOf: (certificate: X509Certificate) => X509Certificate | undefined = () => undefined,
): readonly X509Certificate[] {
  const [leaf] = sent;
  if (leaf === undefined) return [];
  const path = [leaf];
  const bySubject = Map.groupBy(sent, (one) => one.subject);
  for (let last = leaf; path.length < LONGEST && !isSelfIssued(last);) {
    const issuers = bySubject.get(last.issuer) ?? [];
    const next = issuerOf(last) ?? issuers.find((one) => last.checkIssued(one));
    if (next === undefined || path.some(same(next))) break;
    path.push(next);
    last = next;
  }
  return path;
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer;
}

/** Everything that is unusual about the order and the members of what was sent. */
export function odditiesOf(sent: readonly X509Certificate[]): Oddity[] {
  const path = pathIn(sent);
  const distinct = sent.filter((one, index) => sent.findIndex(same(one)) === index);
  const places = path.map((one) => distinct.findIndex(same(one)));
  const found: Oddity[] = [];
  if (places.some((place, index) => place < (places[index - 1] ?? 0))) found.push("out_of_order");
  if (distinct.length < sent.length) found.push("duplicate");
  if (path.length < LONGEST && distinct.length > path.length) found.push("stranger");
  if (path.slice(1).some(isSelfIssued)) found.push("root_sent");
  return found;
}

function same(one: X509Certificate) {
  return (other: X509Certificate) => other.fingerprint256 === one.fingerprint256;
}
