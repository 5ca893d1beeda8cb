/** Certificates as the sheets show them, and what can be wrong with a chain. RFC 5280, RFC 9525. */
import type { X509Certificate } from "node:crypto";
import type { Certificate } from "../facts/certificate.ts";
import type { faults as faultNames } from "../facts/session.ts";

type Fault = (typeof faultNames)[number];

const DAY_MS = 86_400_000;

/** How many alternative names are shown: a certificate may carry thousands. */
const NAMES_SHOWN = 100;

/**
 * @param now milliseconds since the epoch, for `daysLeft`
 * @param whole shows the certificate itself as well
 */
export function describeCertificate(
  certificate: X509Certificate,
  now: number,
  whole = false,
): Certificate {
  let lasting = described.get(certificate);
  if (lasting === undefined) {
    lasting = lastingFacts(certificate);
    described.set(certificate, lasting);
  }
  const daysLeft = Math.floor((certificate.validToDate.getTime() - now) / DAY_MS);
  return { ...lasting, daysLeft, ...(whole ? { pem: certificate.toString() } : {}) };
}

type Lasting = Omit<Certificate, "daysLeft" | "pem">;

/** Reading a certificate out costs more than opening a handshake, and it says the same every time. */
const described = new WeakMap<X509Certificate, Lasting>();

function lastingFacts(certificate: X509Certificate): Lasting {
  const signature: unknown = Reflect.get(certificate, "signatureAlgorithm");
  // Node calls the extended key usage just that, and gives it by number.
  const usages: readonly string[] | undefined = certificate.keyUsage;
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesOf(certificate.subjectAltName),
    serial: certificate.serialNumber.toLowerCase(),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    key: keyOf(certificate),
    ...(typeof signature === "string" ? { signature } : {}),
    ...(usages === undefined ? {} : { usages: usages.map((oid) => purposes[oid] ?? oid) }),
    sha1: hex(certificate.fingerprint),
    sha256: hex(certificate.fingerprint256),
    selfIssued: certificate.subject === certificate.issuer,
  };
}

/** RFC 5280 §4.2.1.12. */
const purposes: Readonly<Record<string, string>> = {
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.5.5.7.3.3": "codeSigning",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning",
  "2.5.29.37.0": "any",
};

/** OpenSSL puts each part of a name on a line of its own. */
function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}

/** Splits at the commas that separate names; a name that holds one arrives quoted as JSON. */
function namesOf(text: string | undefined): string[] {
  if (text === undefined) return [];
  const names = text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return names.slice(0, NAMES_SHOWN).map((name) => name.trim());
}

function keyOf(certificate: X509Certificate): string {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve ?? "";
  return `${(asymmetricKeyType ?? "unknown").toUpperCase()} ${size}`.trim();
}

function hex(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}

export interface Verdict {
  /** Leaf first, as the verifier built it. */
  readonly chain: readonly X509Certificate[];
  /** OpenSSL's complaint about the path, by Node's name or in OpenSSL's words; `undefined` when it had none. */
  readonly verifier: string | undefined;
  readonly nameMatches: boolean;
  /** Whether the end of the chain is one of the roots trusted here. */
  endsInTrustedRoot(): boolean;
  readonly now: number;
}

/**
 * Judges dates, name and path apart. The verifier reports one complaint only, and a date hides a broken
 * path behind it, so the path is judged again from the chain itself when that happened.
 */
export function faultsOf(verdict: Verdict): Fault[] {
  const { chain, now } = verdict;
  const found: Fault[] = [];
  if (chain.some((one) => one.validToDate.getTime() < now)) found.push("tls.expired");
  if (chain.some((one) => one.validFromDate.getTime() > now)) found.push("tls.not_yet_valid");
  if (!verdict.nameMatches) found.push("tls.name_mismatch");
  const path = pathFault(verdict);
  if (path !== undefined) found.push(path);
  return found;
}

const dateComplaints = new Set(["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]);

/** OpenSSL's words for a key or a digest below the security level, of which Node has no name. */
const weak = /too weak$/;

/** What the chain breaks by itself, whoever trusts it. Names by Node; words with spaces are OpenSSL's own. */
const broken =
  /^(?:INVALID_PURPOSE|INVALID_CA|PATH_LENGTH_EXCEEDED|CERT_SIGNATURE_FAILURE|CERT_REJECTED|.* .*)$/;

function pathFault(verdict: Verdict): Fault | undefined {
  const { chain, verifier } = verdict;
  const [leaf] = chain;
  if (verifier === undefined || leaf === undefined) return undefined;
  if (weak.test(verifier)) return "tls.weak";
  const isDate = dateComplaints.has(verifier);
  if ((isDate || broken.test(verifier)) && verdict.endsInTrustedRoot()) {
    return isDate ? undefined : "tls.invalid";
  }
  return trustFault(chain, leaf, verifier);
}

function trustFault({ length }: Verdict["chain"], leaf: X509Certificate, verifier: string): Fault {
  if (leaf.subject === leaf.issuer && length === 1) return "tls.self_signed";
  const known = new Set(["UNABLE_TO_VERIFY_LEAF_SIGNATURE", ...dateComplaints]);
  // Only the leaf came and nothing here issued it: the usual sign of a missing intermediate.
  return length === 1 && known.has(verifier) ? "tls.incomplete_chain" : "tls.untrusted";
}
