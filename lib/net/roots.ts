/** The roots that are trusted here, store by store. Each store is read once, when a chain needs it. */
import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import { issuerTextIn } from "../protocols/x509-issuer.ts";
import { systemRoots } from "./system-roots.ts";

/**
 * `bundled` came with Node; `extra` are NODE_EXTRA_CA_CERTS; `system` is the store of the operating
 * system, which other runtimes go by and Node does not; `given` came with the question.
 */
export type Store = "bundled" | "extra" | "system" | "given";

type Own = "default" | "bundled" | "extra";

interface Roots {
  holds(certificate: X509Certificate): boolean;
  /** The ones that may have issued it, by name and key identifier. */
  issuersOf(certificate: X509Certificate): readonly X509Certificate[];
}

const kept = new Map<Own, Roots>();

function rootsIn(name: Own): Roots {
  let roots = kept.get(name);
  if (roots === undefined) {
    roots = rootsOf(tls.getCACertificates(name));
    kept.set(name, roots);
  }
  return roots;
}

/**
 * Parsing a certificate costs many times as much as looking through it, and a store has hundreds of which a
 * chain needs one: only those are parsed that hold the longest part of the issuer's name.
 */
function rootsOf(pems: readonly string[]): Roots {
  const ders = [...new Set(pems)].map((pem) =>
    Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64"),
  );
  const parsed = new Map<Buffer, X509Certificate>();
  const parse = (der: Buffer) => {
    const one = parsed.get(der) ?? new X509Certificate(der);
    parsed.set(der, one);
    return one;
  };
  const search = (certificate: X509Certificate) => {
    const text = Buffer.from(issuerTextIn(certificate.raw));
    const alike = text.length === 0 ? [] : ders.filter((der) => der.includes(text));
    return alike.map(parse).filter((one) => certificate.checkIssued(one));
  };
  // The same certificates come back, and looking through a store takes as long as the rest of the judgement.
  const found = new WeakMap<X509Certificate, readonly X509Certificate[]>();
  return {
    holds: ({ raw }) => ders.some((der) => der.equals(raw)),
    issuersOf(certificate) {
      const issuers = found.get(certificate) ?? search(certificate);
      found.set(certificate, issuers);
      return issuers;
    },
  };
}

let system: Roots | undefined;

export interface Trust {
  /** The trusted certificate that issued this one, if any. */
  readonly issuerOf: (certificate: X509Certificate) => X509Certificate | undefined;
  readonly holds: (certificate: X509Certificate | undefined) => boolean;
}

/** What a connection trusts: Node's roots, and authorities in PEM that came with the question. */
export function trustBeside(given: readonly string[]): Trust {
  return trustIn([rootsIn("default"), ...(given.length === 0 ? [] : [rootsOf(given)])]);
}

const alone = new WeakMap<readonly string[], Trust>();

/** Trusts these authorities and no others. They are those of a module, and read once. */
export function trustOnly(given: readonly string[]): Trust {
  const trust = alone.get(given) ?? trustIn([rootsOf(given)]);
  alone.set(given, trust);
  return trust;
}

function trustIn(stores: readonly Roots[]): Trust {
  return {
    issuerOf: (certificate) => stores.flatMap((roots) => roots.issuersOf(certificate))[0],
    holds: (certificate) =>
      certificate !== undefined && stores.some((roots) => roots.holds(certificate)),
  };
}

/** The stores that hold the root of a chain, or the issuer that stands above its end. */
export async function storesFor(end: X509Certificate, given: readonly string[]): Promise<Store[]> {
  system ??= rootsOf(await systemRoots());
  const known = ownStores.get(end) ?? ownStoresFor(end, system);
  ownStores.set(end, known);
  return given.length > 0 && stands(end, rootsOf(given)) ? [...known, "given"] : [...known];
}

/** They say the same every time, and the same ends come back. */
const ownStores = new WeakMap<X509Certificate, readonly Store[]>();

function ownStoresFor(end: X509Certificate, ofSystem: Roots): Store[] {
  const all = [
    ["bundled", rootsIn("bundled")],
    ["extra", rootsIn("extra")],
    ["system", ofSystem],
  ] as const;
  return all.filter(([, roots]) => stands(end, roots)).map(([name]) => name);
}

/** Whether a chain ends in a root that Node ships. */
export function endsPublicly(end: X509Certificate): boolean {
  return stands(end, rootsIn("bundled"));
}

function stands(end: X509Certificate, roots: Roots): boolean {
  if (roots.holds(end)) return true;
  if (end.subject === end.issuer) return false;
  return roots.issuersOf(end).some((one) => end.verify(one.publicKey));
}
