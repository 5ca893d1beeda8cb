/** The data of a record as text, by type: each reader reads all of it, or leaves a fault behind. */
import {
  type Fields,
  characterString,
  fail,
  long,
  more,
  octet,
  octets,
  rest,
  short,
} from "./fields.ts";
import { name } from "./compression.ts";
import { serviceBinding } from "./svcb.ts";
import { base64, hex, ipv4, ipv6, quoted, quotedStrings, time, typeBitmap } from "./text.ts";
import { typeName } from "./types.ts";

type Reader = (fields: Fields) => string;

/** A reader out of one reader per word. */
function words(...readers: readonly ((fields: Fields) => string | number)[]): Reader {
  return (fields) => readers.map((read) => read(fields)).join(" ");
}

const string: Reader = (fields) => quoted(characterString(fields));
const digest: Reader = (fields) => hex(rest(fields));
const key: Reader = (fields) => base64(rest(fields));
const delegationSigner = words(short, octet, octet, digest);
const certificateUse = words(octet, octet, octet, digest);
const publicKey = words(short, octet, octet, key);

/** By mnemonic; the RFC is the one that gives the presentation format. */
export const readers: Readonly<Record<string, Reader>> = {
  A: ipv4,
  AAAA: ipv6, // RFC 3596 §2.4
  AFSDB: words(short, name), // RFC 1183 §1
  CAA: words(octet, tag, (fields) => quoted(rest(fields))), // RFC 8659 §4.1.1
  CDNSKEY: publicKey, // RFC 7344 §3.2
  CDS: delegationSigner, // RFC 7344 §3.1
  CNAME: name,
  DNAME: name, // RFC 6672 §2.1
  DNSKEY: publicKey, // RFC 4034 §2.2
  DS: delegationSigner, // RFC 4034 §5.3
  HINFO: words(string, string),
  HTTPS: serviceBinding,
  KX: words(short, name), // RFC 2230 §3
  MX: words(short, name),
  NAPTR: words(short, short, string, string, string, name), // RFC 3403 §4.1
  NS: name,
  NSEC: (fields) => [name(fields), ...typeBitmap(fields)].join(" "), // RFC 4034 §4.2
  NSEC3: words(octet, octet, short, salt, hashedOwner, (fields) => typeBitmap(fields).join(" ")),
  NSEC3PARAM: words(octet, octet, short, salt), // RFC 5155 §4.3
  OPENPGPKEY: key, // RFC 7929 §2.3
  PTR: name,
  RP: words(name, name), // RFC 1183 §2.2
  RRSIG: signature, // RFC 4034 §3.2
  SMIMEA: certificateUse, // RFC 8162 §2
  SOA: words(name, name, long, long, long, long, long),
  SPF: quotedStrings, // RFC 7208 §3.1
  SRV: words(short, short, short, name), // RFC 2782
  SSHFP: words(octet, octet, digest), // RFC 4255 §3.2
  SVCB: serviceBinding,
  TLSA: certificateUse, // RFC 6698 §2.2
  TXT: quotedStrings,
  URI: words(short, short, (fields) => quoted(rest(fields))), // RFC 7553 §4.4
  ZONEMD: words(long, octet, octet, digest), // RFC 8976 §2.3
};

/** Types whose data has this meaning in the Internet class only: a Chaosnet A is another thing. */
export const internetOnly: ReadonlySet<string> = new Set(
  "A AAAA HTTPS KX NAPTR SRV SVCB".split(" "),
);

/** Reads a record's data to its last octet. Look at `fields.fault` before believing the text. */
export function dataText(type: string, fields: Fields): string {
  const text = readers[type]?.(fields) ?? "";
  if (more(fields)) fail(fields, `${fields.end - fields.at} octets are left over`);
  return text;
}

/** RFC 8659 §4.1: letters and digits, at least one. */
function tag(fields: Fields): string {
  const text = characterString(fields).toString("latin1");
  if (!/^[a-z\d]+$/i.test(text)) fail(fields, "a property tag is not made of letters and digits");
  return text;
}

function signature(fields: Fields): string {
  const covered = typeName(short(fields));
  const numbers = [octet(fields), octet(fields), long(fields)];
  const dates = [time(long(fields)), time(long(fields))];
  return [covered, ...numbers, ...dates, short(fields), name(fields), key(fields)].join(" ");
}

function salt(fields: Fields): string {
  const bytes = characterString(fields);
  return bytes.length === 0 ? "-" : bytes.toString("hex").toUpperCase();
}

/** Base 32 with the extended hex alphabet, which keeps the order of the hashes (RFC 4648 §7). */
function hashedOwner(fields: Fields): string {
  const bits = [...octets(fields, octet(fields))]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  const digits = bits.match(/.{1,5}/g) ?? [];
  return digits
    .map((five) => Number.parseInt(five.padEnd(5, "0"), 2).toString(32).toUpperCase())
    .join("");
}
