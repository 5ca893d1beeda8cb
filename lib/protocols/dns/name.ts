/**
 * Domain names as text. A label may hold any octet; in text a dot that belongs to a label and other
 * special characters take a backslash, and what is not printable ASCII is `\DDD` (RFC 1035 §5.1, RFC
 * 4343 §2.1). Names that come out of this folder are absolute and end in a dot.
 */
/** An escaped octet, an escaped character, or any character; a backslash alone when it escapes nothing. */
const tokens = /\\(?:\d{3}|\D)|[^]/gu;
const plain = /^[!#%&'*+,\-/0-9:<=>?A-Z[\]^_`a-z{|}~]*$/;
/** Nothing to escape and nothing to find fault with but the length: nearly every name there is. */
const unescaped = /^(?:[!#%&'*+,\-/0-9:<=>?A-Z[\]^_`a-z{|}~]{1,63}(?:\.|$))+$/;
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const special = new Set(Buffer.from('"$().;@\\'));

/** Why this text is no domain name, in a few words; undefined when it is one. */
export function nameFault(text: string): string | undefined {
  if (isPlain(text)) return undefined;
  const labels = readLabels(text);
  return typeof labels === "string" ? labels : undefined;
}

/** The octets of a name, length by length, with the root's zero at the end; a TypeError when it is none. */
export function nameOctets(text: string): Uint8Array {
  if (isPlain(text)) return plainOctets(text);
  return Uint8Array.from([...labelsOf(text).flatMap((label) => [label.length, ...label]), 0]);
}

/** The name as it is written here: the dot at its end, escapes only where they are needed. A TypeError when it is none. */
export function absoluteName(text: string): string {
  if (isPlain(text)) return text.endsWith(".") ? text : `${text}.`;
  const labels = labelsOf(text).map((label) => `${labelText(String.fromCharCode(...label))}.`);
  return labels.length === 0 ? "." : labels.join("");
}

/** A label as text. `octets` holds one octet per character (latin1). */
export function labelText(octets: string): string {
  if (plain.test(octets)) return octets;
  return Array.from(octets, (character) => escapedOctet(character.charCodeAt(0))).join("");
}

/** The name under which an address keeps its PTR record (RFC 1035 §3.5, RFC 3596 §2.5); undefined for anything else. */
export function reverseName(address: string): string | undefined {
  if (ipv4.test(address)) return `${address.split(".").toReversed().join(".")}.in-addr.arpa.`;
  const groups = ipv6Groups(address);
  if (groups === undefined) return undefined;
  const nibbles = groups.map((group) => group.padStart(4, "0")).join("");
  return `${nibbles.split("").toReversed().join(".")}.ip6.arpa.`;
}

const isPlain = (text: string) => text.length < 254 && unescaped.test(text);

/** Where the dots stand, the lengths go. */
function plainOctets(text: string): Uint8Array {
  const bytes = Buffer.from(`.${text}${text.endsWith(".") ? "" : "."}`, "latin1");
  let at = 0;
  for (const label of text.split(".")) {
    bytes.writeUInt8(label.length, at);
    at += label.length + 1;
  }
  bytes.writeUInt8(0, bytes.length - 1);
  return bytes;
}

function escapedOctet(octet: number): string {
  if (special.has(octet)) return `\\${String.fromCharCode(octet)}`;
  if (octet > 0x20 && octet < 0x7f) return String.fromCharCode(octet);
  return `\\${String(octet).padStart(3, "0")}`;
}

function labelsOf(text: string): readonly (readonly number[])[] {
  const labels = readLabels(text);
  if (typeof labels === "string") throw new TypeError(`${text} is no domain name: ${labels}`);
  return labels;
}

/** The labels as octets, or what is wrong with them. */
function readLabels(text: string): number[][] | string {
  if (text === ".") return [];
  if (text === "") return "it is empty";
  const labels: number[][] = [];
  let label: number[] = [];
  for (const token of text.match(tokens) ?? []) {
    if (token === ".") {
      labels.push(label);
      label = [];
      continue;
    }
    const octet = octetOf(token);
    if (typeof octet === "string") return octet;
    label.push(octet);
  }
  return bounded(label.length > 0 ? [...labels, label] : labels);
}

/** What a token stands for, or what is wrong with it. */
function octetOf(token: string): number | string {
  const escaped = token.startsWith("\\") ? token.slice(1) : token;
  if (escaped.length === 3)
    return Number(escaped) < 256 ? Number(escaped) : "it has a broken escape";
  if (escaped === "") return "it has a broken escape";
  const printable = /^[!-~]$/.test(escaped);
  return printable ? escaped.charCodeAt(0) : "it holds something else than printable ASCII";
}

/** RFC 1035 §2.3.4. */
function bounded(labels: number[][]): number[][] | string {
  if (labels.some((label) => label.length === 0)) return "it has an empty label";
  if (labels.some((label) => label.length > 63)) return "a label has more than 63 octets";
  const octets = labels.reduce((sum, label) => sum + label.length + 1, 1);
  return octets > 255 ? "it has more than 255 octets" : labels;
}

/** The eight groups of an IPv6 address in hex, without a zone; URL does the parsing (WHATWG URL §3.5). */
function ipv6Groups(address: string): readonly string[] | undefined {
  if (!/^[\da-f:.]+$/i.test(address)) return undefined;
  const url = URL.parse(`http://[${address}]/`);
  if (url === null) return undefined;
  const [head = "", tail = ""] = url.hostname.slice(1, -1).split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const between = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...between, ...after];
}
