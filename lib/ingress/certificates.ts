/**
 * Client certificates that a proxy passes on in a header. Each is a claim of whoever wrote the
 * header: possession of the key was shown to that proxy, if to anyone, and App Service does not
 * validate what it passes on.
 */
import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { type Headers, headerRows, rowOf, valueOf } from "./headers.ts";
import { parseXfcc, type XfccElement } from "./xfcc.ts";

export interface ClientCertificate {
  /** The header it came in, and who sets that header. */
  readonly header: string;
  readonly setBy: string;
  /** RFC 4514 order: the most specific part first. */
  readonly subject?: string;
  readonly issuer?: string;
  readonly names?: readonly string[];
  readonly serial?: string;
  /** Lower-case hex; what Azure calls the thumbprint. */
  readonly sha1?: string;
  readonly sha256?: string;
  /** ISO 8601. */
  readonly validFrom?: string;
  readonly validTo?: string;
  /** What the proxy says of its own verification: `SUCCESS`, `FAILED:…`, `NONE`. */
  readonly verification?: string;
  /** Whether the hash the proxy wrote is that of the certificate beside it. */
  readonly hashMatches?: boolean;
  /** Why the certificate itself could not be read. */
  readonly problem?: string;
}

type Facts = Omit<ClientCertificate, "header" | "setBy">;

const unreadable = "a certificate is present but cannot be parsed";
/** The gateway's server variables, under the names its documentation uses in rewrite rules. */
const gatewayPrefix = "x-client-certificate-";

/** The certificate nearest to this process: of several headers, the first the table knows. */
export function clientCertificateOf(headers: Headers): ClientCertificate | undefined {
  const xfcc = valueOf(headers, "x-forwarded-client-cert");
  const nearest = xfcc === undefined ? undefined : parseXfcc(xfcc).at(-1);
  if (nearest !== undefined) return ofElement(nearest);
  const plain = headerRows
    .filter((row) => row.grammar === "certificate")
    .map((row) => ({ row, value: valueOf(headers, row.name) }))
    .find(({ value }) => value !== undefined);
  const said = saidByGateway(headers);
  if (plain?.value !== undefined) {
    const { name: header, setBy } = plain.row;
    return { header, setBy, ...said, ...factsIn(plain.value) };
  }
  return said ?? byShape(headers);
}

function ofElement(element: XfccElement): ClientCertificate {
  const origin = { header: "x-forwarded-client-cert", setBy: "Envoy" };
  const facts: Facts = element.cert === undefined ? {} : factsIn(element.cert);
  return {
    ...origin,
    ...(element.subject === undefined ? {} : { subject: element.subject }),
    ...(element.hash === undefined ? {} : { sha256: element.hash }),
    ...(element.names.length === 0 ? {} : { names: element.names }),
    ...facts,
    ...(element.hash === undefined || facts.sha256 === undefined
      ? {}
      : { hashMatches: element.hash === facts.sha256 }),
  };
}

function saidByGateway(headers: Headers): ClientCertificate | undefined {
  const said = (part: string): string | undefined => valueOf(headers, gatewayPrefix + part);
  const parts = {
    subject: said("subject"),
    issuer: said("issuer"),
    serial: said("serial"),
    sha1: said("fingerprint")?.toLowerCase().replaceAll(":", ""),
    validFrom: dated(said("start-date")),
    validTo: dated(said("end-date")),
    verification: said("verification"),
  };
  const known = Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(known).length === 0) return undefined;
  return { header: `${gatewayPrefix}*`, setBy: "Application Gateway, by a rewrite rule", ...known };
}

/** Gateways let the owner choose the name, so a PEM certificate under an unknown name counts too. */
function byShape(headers: Headers): ClientCertificate | undefined {
  const found = headers.find(([name, value]) => rowOf(name) === undefined && holdsPem(value));
  if (found === undefined) return undefined;
  const [name, value] = found;
  return { header: name.toLowerCase(), setBy: "unknown", ...factsIn(value) };
}

/** Whether a value is, or holds, a PEM certificate, percent-encoded or not. */
export function holdsPem(value: string): boolean {
  return /-----BEGIN(?: |%20|\+)CERTIFICATE-----/i.test(value);
}

/** What a certificate in any of the known encodings says. Never throws. */
function factsIn(value: string): Facts {
  try {
    return factsOf(new X509Certificate(bytesOf(value)));
  } catch {
    return { problem: unreadable };
  }
}

/** `:base64:` (RFC 9440), percent-encoded PEM, PEM with or without its line ends, or base64 of DER. */
function bytesOf(value: string): Buffer {
  const structured = /^:([A-Za-z0-9+/=]*):$/.exec(value.trim())?.[1];
  if (structured !== undefined) return Buffer.from(structured, "base64");
  const text = value.includes("%") ? decodeURIComponent(value) : value;
  const body =
    /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/.exec(text)?.[1] ?? text;
  return Buffer.from(body, "base64");
}

function factsOf(certificate: X509Certificate): Facts {
  const names = certificate.subjectAltName;
  const validFrom = dated(certificate.validFrom);
  const validTo = dated(certificate.validTo);
  return {
    subject: distinguished(certificate.subject),
    issuer: distinguished(certificate.issuer),
    ...(names === undefined ? {} : { names: names.split(", ") }),
    serial: certificate.serialNumber.toLowerCase(),
    sha1: hex(certificate.fingerprint),
    sha256: hex(certificate.fingerprint256),
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
  };
}

/** Node gives one attribute per line in the order of the DER, the least specific first. */
function distinguished(name: string | undefined): string {
  return (name ?? "").split("\n").toReversed().join(", ");
}

function hex(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}

function dated(text: string | undefined): string | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
