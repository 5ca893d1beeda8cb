/** The roots that are trusted here, store by store. Each store is read once, when a chain needs it. */
import { createHash, X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";

/**
 * `bundled` came with Node; `extra` are NODE_EXTRA_CA_CERTS; `system` is the store of the operating
 * system, which other runtimes go by and Node does not; `given` came with the question.
 */
export type Store = "bundled" | "extra" | "system" | "given";

const ours = ["bundled", "extra", "system"] as const;

interface Roots {
  readonly fingerprints: ReadonlySet<string>;
  /** Parsed only for a chain that does not bring its root along. */
  bySubject(): ReadonlyMap<string, readonly X509Certificate[]>;
}

const kept = new Map<string, Roots>();

function rootsIn(name: "default" | (typeof ours)[number]): Roots {
  let roots = kept.get(name);
  if (roots === undefined) {
    roots = rootsOf(getCACertificates(name));
    kept.set(name, roots);
  }
  return roots;
}

function rootsOf(all: readonly string[]): Roots {
  const pems = [...new Set(all)];
  let parsed: ReadonlyMap<string, readonly X509Certificate[]> | undefined;
  return {
    fingerprints: new Set(pems.map(fingerprintOf)),
    bySubject: () =>
      (parsed ??= Map.groupBy(
        pems.map((pem) => new X509Certificate(pem)),
        (one) => one.subject,
      )),
  };
}

/** Digesting what stands in the PEM is many times cheaper than parsing it. */
function fingerprintOf(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
  return createHash("sha256").update(der).digest("hex").toUpperCase();
}

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
    issuerOf: (certificate) =>
      stores
        .flatMap((roots) => roots.bySubject().get(certificate.issuer) ?? [])
        .find((one) => certificate.checkIssued(one)),
    holds: (certificate) =>
      certificate !== undefined && stores.some((one) => one.fingerprints.has(plain(certificate))),
  };
}

/** The stores that hold the root of a chain, or the issuer that stands above its end. */
export function storesFor(end: X509Certificate, given: readonly string[]): Store[] {
  const found: Store[] = ours.filter((name) => stands(end, rootsIn(name)));
  return given.length > 0 && stands(end, rootsOf(given)) ? [...found, "given"] : found;
}

function stands(end: X509Certificate, roots: Roots): boolean {
  if (roots.fingerprints.has(plain(end))) return true;
  if (end.subject === end.issuer) return false;
  const issuers = roots.bySubject().get(end.issuer) ?? [];
  return issuers.some((one) => end.checkIssued(one) && end.verify(one.publicKey));
}

function plain({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(":", "");
}
