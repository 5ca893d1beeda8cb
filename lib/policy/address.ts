/**
 * IP addresses as numbers, and every spelling of them as one.
 *
 * A guard that reads an address in another way than the thing that dials it guards nothing. So there is
 * one reader here, strict about what an address is (RFC 4291 §2.2), and one step before it that turns
 * whatever a person may type as a host into a literal or a name.
 */

/** An address of either family. An IPv4-mapped IPv6 address never appears: it is the IPv4 it stands for. */
export interface Address {
  readonly family: 4 | 6;
  /** The 32 or 128 bits, in network order. */
  readonly value: bigint;
}

/** What a caller typed as a host. */
export type Host =
  | { readonly kind: "address"; readonly address: Address }
  /** Lower-case A-labels without a final dot; `absolute` when there was one: no search list applies. */
  | { readonly kind: "name"; readonly name: string; readonly absolute: boolean }
  | { readonly kind: "wrong"; readonly why: string };

/** `::ffff:0:0/96`, RFC 4291 §2.5.5.2, without its last 32 bits. */
const MAPPED = 0xffffn;

/**
 * Reads a canonical dotted quad or any text form of IPv6, with a dotted tail or without. Zone ids,
 * brackets, leading zeros in IPv4, short and numeric forms are no addresses: `undefined`.
 */
export function parseAddress(text: string): Address | undefined {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const found = readAddress(text);
  if (found === undefined) return undefined;
  if (recent.size >= RECENT_MOST) recent.clear();
  recent.set(text, found);
  return found;
}

/** One address is read by everybody who judges it, one after the other: as many as a suite may have. */
const recent = new Map<string, Address>();
const RECENT_MOST = 256;

function readAddress(text: string): Address | undefined {
  if (!text.includes(":")) {
    const value = parseQuad(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const groups = parseGroups(text);
  if (groups === undefined) return undefined;
  const value = groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
  return value >> 32n === MAPPED
    ? { family: 4, value: value & 0xffff_ffffn }
    : { family: 6, value };
}

/** Four numbers without leading zeros. */
const dotted = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

function parseQuad(text: string): bigint | undefined {
  const octets = dotted.exec(text)?.slice(1).map(Number);
  if (octets === undefined || octets.some((octet) => octet > 255)) return undefined;
  return BigInt(octets.reduce((bits, octet) => bits * 256 + octet, 0));
}

/** The eight groups of an IPv6 address. `::` stands for one group of zeros or more, once. */
function parseGroups(text: string): readonly number[] | undefined {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const left = parseHalf(head, tail === undefined);
  const right = parseHalf(tail ?? "", true);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined) return missing === 0 ? left : undefined;
  return missing < 1 ? undefined : [...left, ...Array<number>(missing).fill(0), ...right];
}

/** A dotted quad may stand for the last two groups, and only at the very end of the address. */
function parseHalf(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const last = parts.at(-1) ?? "";
  const quad = isEnd && last.includes(".") ? parseQuad(last) : undefined;
  if (quad !== undefined) parts.pop();
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  const groups = parts.map((part) => Number.parseInt(part, 16));
  return quad === undefined ? groups : [...groups, Number(quad >> 16n), Number(quad & 0xffffn)];
}

/** The one canonical spelling: a dotted quad, or RFC 5952 §4. */
export function formatAddress(address: Address): string {
  if (address.family === 4) {
    const bits = Number(address.value);
    return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((address.value >> BigInt(16 * (7 - index))) & 0xffffn),
  );
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return hex(groups);
  return `${hex(groups.slice(0, zeros.start))}::${hex(groups.slice(zeros.start + zeros.length))}`;
}

function hex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

/** The longest run of zero groups, the first of equals. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  });
  return longest;
}

/**
 * Reads a host as people and attackers type it. Numeric spellings (`0x7f.1`, `2130706433`, `0177.1`,
 * full-width digits, percent codes, a final dot) become the literal that every URL reader makes of them;
 * names become lower-case A-labels. IPv6 stands alone or in brackets, never with a zone id.
 */
export function canonicalHost(text: string): Host {
  const quad = text.includes(":") ? undefined : parseAddress(text);
  if (quad !== undefined) return { kind: "address", address: quad };
  const why = wrongText(text);
  if (why !== undefined) return wrong(why);
  if (/^\[|:.*:/s.test(text)) return literal(text.replace(/^\[(.*)\]$/s, "$1"));
  const stray = /[@/\\?#:]/.exec(text)?.[0];
  if (stray !== undefined) return wrong(`a host holds no ${stray}`);
  // WHATWG URL, host parser: what it makes of a numeric host is what getaddrinfo would dial.
  const read = URL.parse(`http://${text}`)?.hostname ?? "";
  const address = parseAddress(read);
  return address === undefined ? nameOf(read) : { kind: "address", address };
}

function wrongText(text: string): string | undefined {
  if (text === "") return "the host is empty";
  if (text.length > 1024) return "the host is longer than any name may be";
  if (/[\s\p{Cc}]/u.test(text)) return "a host holds no spaces and no control characters";
  return undefined;
}

function literal(text: string): Host {
  const address = text.includes(":") ? parseAddress(text) : undefined;
  if (address !== undefined) return { kind: "address", address };
  return wrong(
    text.includes("%")
      ? "an IPv6 address with a zone id means something on one machine only: leave the zone out"
      : "this is not an IPv6 address",
  );
}

/** RFC 1035 §2.3.4 for the lengths; the underscore is for service names (RFC 2782). */
function nameOf(read: string): Host {
  if (read === "") return wrong("this is neither an address nor a name");
  const absolute = read.endsWith(".");
  const name = absolute ? read.slice(0, -1) : read;
  const why = wrongName(name);
  return why === undefined ? { kind: "name", name, absolute } : wrong(why);
}

/** Why this is not a lower-case name in A-labels, or nothing. */
export function wrongName(name: string): string | undefined {
  if (name.length > 253) return "a name has at most 253 characters";
  const labels = name.split(".");
  if (labels.includes("")) return "a name has no empty labels";
  if (labels.some((label) => label.length > 63)) return "a label has at most 63 characters";
  if (!/^[a-z0-9_.-]+$/.test(name)) {
    return "a name is made of letters, digits, hyphens, underscores and dots";
  }
  // The host parser of URL takes such a name for an address, and so might a resolver.
  if (/(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(name)) return "the last label of a name is not a number";
  return undefined;
}

function wrong(why: string): Host {
  return { kind: "wrong", why };
}
