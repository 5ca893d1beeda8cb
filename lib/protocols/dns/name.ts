/**
 * Domain names as text. A label may hold any octet; in text a dot that belongs to a label and other
 * special characters take a backslash, and what is not printable ASCII is `\DDD` (RFC 1035 §5.1, RFC
 * 4343 §2.1). Names that come out of this folder are absolute and end in a dot.
 */
const beyond = "it holds something else than printable ASCII";
const plain = /^[!#%&'*+,\-/0-9:<=>?A-Z[\]^_`a-z{|}~]*$/;
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const special = new Set([...'"$().;@\\'].map((character) => character.charCodeAt(0)));

/** Why this text is no domain name, in a few words; undefined when it is one. */
export function nameFault(text: string): string | undefined {
  const labels = readLabels(text);
  return typeof labels === "string" ? labels : undefined;
}

/** The octets of a name, length by length, with the root's zero at the end; a TypeError when it is none. */
export function nameOctets(text: string): Uint8Array {
  const labels = readLabels(text);
  if (typeof labels === "string") throw new TypeError(`${text} is no domain name: ${labels}`);
  return Uint8Array.from([...labels.flatMap((label) => [label.length, ...label]), 0]);
}

/** A label as text. `octets` holds one octet per character (latin1). */
export function labelText(octets: string): string {
  if (plain.test(octets)) return octets;
  return Array.from(octets, (character) => escaped(character.charCodeAt(0))).join("");
}

/** The name under which an address keeps its PTR record (RFC 1035 §3.5, RFC 3596 §2.5); undefined for anything else. */
export function reverseName(address: string): string | undefined {
  if (ipv4.test(address)) return `${address.split(".").reverse().join(".")}.in-addr.arpa.`;
  const groups = ipv6Groups(address);
  if (groups === undefined) return undefined;
  const nibbles = groups.flatMap((group) => [...group.padStart(4, "0")]);
  return `${nibbles.reverse().join(".")}.ip6.arpa.`;
}

function escaped(octet: number): string {
  if (special.has(octet)) return `\\${String.fromCharCode(octet)}`;
  if (octet > 0x20 && octet < 0x7f) return String.fromCharCode(octet);
  return `\\${String(octet).padStart(3, "0")}`;
}

/** The labels as octets, or what is wrong with them. */
function readLabels(text: string): number[][] | string {
  if (text === ".") return [];
  if (text === "") return "it is empty";
  const labels: number[][] = [[]];
  for (const [token, digits, character] of text.matchAll(/\\(?:(\d{3})|(\D|$))|[^]/gu)) {
    if (token === ".") {
      labels.push([]);
      continue;
    }
    if (token === "\\") return "it has a broken escape";
    const octet = digits === undefined ? (character ?? token).charCodeAt(0) : Number(digits);
    if (octet > 255) return digits === undefined ? beyond : "it has a broken escape";
    if (digits === undefined && (octet < 0x21 || octet > 0x7e)) return beyond;
    labels.at(-1)?.push(octet);
  }
  if (labels.at(-1)?.length === 0) labels.pop();
  return sizeFault(labels) ?? labels;
}

/** RFC 1035 §2.3.4. */
function sizeFault(labels: readonly (readonly number[])[]): string | undefined {
  if (labels.some((label) => label.length === 0)) return "it has an empty label";
  if (labels.some((label) => label.length > 63)) return "a label has more than 63 octets";
  const octets = labels.reduce((sum, label) => sum + label.length + 1, 1);
  return octets > 255 ? "it has more than 255 octets" : undefined;
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
