/** Mnemonics of the IANA registry "Domain Name System (DNS) Parameters". */

const types = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  URI: 256,
  CAA: 257,
} as const;

/** RFC 1035 §3.2.4; RFC 2136 §1.3 for NONE. */
const classes = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const;

/** RFC 6895 §2.3. Sixteen is BADSIG in a TSIG record and BADVERS everywhere else. */
const rcodes = [
  "NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE DSOTYPENI",
  "RCODE12 RCODE13 RCODE14 RCODE15",
  "BADVERS BADKEY BADTIME BADMODE BADNAME BADALG BADTRUNC BADCOOKIE",
].flatMap((names) => names.split(" "));

/** RFC 8914 §5.2 and its later registrations, by code. */
const extendedErrors = [
  "Other Error",
  "Unsupported DNSKEY Algorithm",
  "Unsupported DS Digest Type",
  "Stale Answer",
  "Forged Answer",
  "DNSSEC Indeterminate",
  "DNSSEC Bogus",
  "Signature Expired",
  "Signature Not Yet Valid",
  "DNSKEY Missing",
  "RRSIGs Missing",
  "No Zone Key Bit Set",
  "NSEC Missing",
  "Cached Error",
  "Not Ready",
  "Blocked",
  "Censored",
  "Filtered",
  "Prohibited",
  "Stale NXDOMAIN Answer",
  "Not Authoritative",
  "Not Supported",
  "No Reachable Authority",
  "Network Error",
  "Invalid Data",
  "Signature Expired before Valid",
  "Too Early",
  "Unsupported NSEC3 Iterations Value",
  "Unable to conform to policy",
  "Synthesized",
  "Invalid Query Type",
];

const typeNames = new Map<number, string>(swapped(types));
const typeNumbers = new Map<string, number>(Object.entries(types));
const classNames = new Map<number, string>(swapped(classes));
const classNumbers = new Map<string, number>(Object.entries(classes));

/** Every mnemonic with its number, for callers that list or suggest them. */
export const knownTypes: readonly string[] = Object.keys(types);

/** `A`, `a`, `TYPE65` or `65` as a number; undefined for anything else. */
export function typeNumber(text: string): number | undefined {
  return typeNumbers.get(text.toUpperCase()) ?? generic(text, "TYPE");
}

/** The mnemonic, or `TYPE65280` for a type without one (RFC 3597 §5). */
export function typeName(number: number): string {
  return typeNames.get(number) ?? `TYPE${number}`;
}

/** `IN`, `CH`, `CLASS3` or `3` as a number; undefined for anything else. */
export function classNumber(text: string): number | undefined {
  return classNumbers.get(text.toUpperCase()) ?? generic(text, "CLASS");
}

export function className(number: number): string {
  return classNames.get(number) ?? `CLASS${number}`;
}

/** `NXDOMAIN` for 3; `RCODE3841` for a code without a name. */
export function rcodeName(number: number): string {
  return rcodes[number] ?? `RCODE${number}`;
}

/** The number of a name such as `NXDOMAIN`; undefined for anything else. */
export function rcodeNumber(name: string): number | undefined {
  const number = rcodes.indexOf(name);
  return number < 0 ? undefined : number;
}

/** The registered name of an extended error code (RFC 8914). */
export function extendedErrorName(code: number): string {
  return extendedErrors[code] ?? "Unassigned";
}

function swapped(table: Readonly<Record<string, number>>): [number, string][] {
  return Object.entries(table).map(([name, number]) => [number, name]);
}

function generic(text: string, prefix: string): number | undefined {
  const digits = text.toUpperCase().startsWith(prefix) ? text.slice(prefix.length) : text;
  if (!/^\d{1,5}$/.test(digits)) return undefined;
  const number = Number(digits);
  return number <= 0xffff ? number : undefined;
}
