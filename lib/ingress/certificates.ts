/**
 * Client certificates that a proxy passes on in a header. Each is a claim of whoever wrote the
 * header: possession of the key was shown to that proxy, if to anyone, and App Service does not
 * validate what it passes on.
 */
import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import type { Certificate } from "../facts/certificate.ts";
import { describeCertificate } from "../protocols/x509.ts";
import { type Headers, headerRows, rowOf, valueOf } from "./headers.ts";
import { maskText } from "./mask.ts";
import { holdsPem } from "./secrets.ts";
import { parseXfcc, type XfccElement } from "./xfcc.ts";

/** What is known of it: all parts where the certificate could be read, else what the proxy says. */
export interface ClientCertificate extends Partial<Certificate> {
  /** The header it came in, and who sets that header. */
  readonly header: string;
  readonly setBy: string;
  /** What the proxy says of its own verification: `SUCCESS`, `FAILED:…`, `NONE`. */
  readonly verification?: string;
  /** Whether the hash that the proxy wrote is that of the certificate beside it. */
  readonly hashMatches?: boolean;
  /** Why the certificate itself could not be read. */
  readonly problem?: string;
}

type Facts = Omit<ClientCertificate, "header" | "setBy">;

const unreadable = "a certificate is present but cannot be parsed";
/** The gateway's server variables, under the names its documentation uses in rewrite rules. */
const gatewayPrefix = "x-client-certificate-";

/**
 * The certificate that a proxy passed on: of several, the one the nearest proxy saw. Never throws.
 *
 * @param now milliseconds since the epoch, for `daysLeft`
 */
export function clientCertificateOf(headers: Headers, now: number): ClientCertificate | undefined {
  const xfcc = valueOf(headers, "x-forwarded-client-cert");
  const nearest = xfcc === undefined ? undefined : parseXfcc(xfcc).at(-1);
  if (nearest !== undefined) return ofElement(nearest, now);
  const plain = headerRows
    .filter((row) => row.grammar === "certificate")
    .map((row) => ({ header: row.name, value: valueOf(headers, row.name) }))
    .find(({ value }) => value !== undefined);
  const said = saidByGateway(headers);
  const { header, value } = plain ?? byShape(headers) ?? {};
  if (header === undefined || value === undefined) return said;
  const setBy = rowOf(header)?.setBy ?? "unknown";
  return { ...said, header, setBy, ...factsIn(value, now) };
}

function ofElement(element: XfccElement, now: number): ClientCertificate {
  const facts: Facts = element.cert === undefined ? {} : factsIn(element.cert, now);
  const hash = hex(element.hash);
  const subject = safe(element.subject);
  const names = element.names.map((name) => `DNS:${maskText(name)}`);
  return {
    header: "x-forwarded-client-cert",
    setBy: "Envoy",
    ...(subject === undefined ? {} : { subject }),
    ...(hash === undefined ? {} : { sha256: hash }),
    ...(names.length === 0 ? {} : { names }),
    ...facts,
    ...(hash === undefined || facts.sha256 === undefined
      ? {}
      : { hashMatches: hash === facts.sha256 }),
  };
}

function saidByGateway(headers: Headers): ClientCertificate | undefined {
  const said = (part: string): string | undefined => valueOf(headers, gatewayPrefix + part);
  const parts = {
    subject: safe(said("subject")),
    issuer: safe(said("issuer")),
    serial: hex(said("serial")),
    sha1: hex(said("fingerprint")),
    validFrom: dated(said("start-date")),
    validTo: dated(said("end-date")),
    verification: safe(said("verification")),
  };
  const known = Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(known).length === 0) return undefined;
  return { header: `${gatewayPrefix}*`, setBy: "Application Gateway, by a rewrite rule", ...known };
}

/** Gateways let the owner choose the name, so a PEM certificate under any other name counts too. */
function byShape(headers: Headers) {
  const found = headers.find(([, value]) => holdsPem(value));
  return found && { header: found[0].toLowerCase(), value: found[1] };
}

/** What a certificate in any of the known encodings says. Never throws. */
function factsIn(value: string, now: number): Facts {
  try {
    return describeCertificate(new X509Certificate(bytesOf(value)), now);
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

/** Text of a proxy's own, without what has the shape of a secret. */
function safe(text: string | undefined): string | undefined {
  return text === undefined ? undefined : maskText(text);
}

/** Serial numbers and fingerprints: hexadecimal, at most the length of a SHA-256. */
function hex(text: string | undefined): string | undefined {
  const digits = text?.replaceAll(":", "").toLowerCase() ?? "";
  return /^[0-9a-f]{1,64}$/.test(digits) ? digits : undefined;
}

function dated(text: string | undefined): string | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
