/** How octets read in a zone file: the presentation formats that several record types share. */
import { type Fields, characterString, fail, more, octet, octets, spend } from "./fields.ts";
import { typeName } from "./types.ts";

/** Long runs are broken where `dig` breaks them. */
const width = 56;

/** In double quotes; quotes and backslashes take a backslash, unprintable octets are `\DDD`. */
export function quoted(bytes: Buffer): string {
  return `"${escapedText(bytes.toString("latin1"))}"`;
}

/** The same without the quotes; one octet per character (latin1). */
export function escapedText(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return text;
  return text.replaceAll(/["\\]/g, "\\$&").replaceAll(/[^ -~]/g, (character) => {
    return `\\${String(character.charCodeAt(0)).padStart(3, "0")}`;
  });
}

/** All character-strings that are left, quoted. At least one is due (RFC 1035 §3.3.14). */
export function quotedStrings(fields: Fields): string {
  const strings = [quoted(characterString(fields))];
  while (more(fields)) strings.push(quoted(characterString(fields)));
  return strings.join(" ");
}

export function hex(bytes: Buffer): string {
  return split(bytes.toString("hex").toUpperCase());
}

export function base64(bytes: Buffer): string {
  return split(bytes.toString("base64"));
}

/** RFC 3597 §5: the way to write what one does not know. */
export function unknownData(bytes: Buffer): string {
  return bytes.length === 0 ? "\\# 0" : `\\# ${bytes.length} ${hex(bytes)}`;
}

export function ipv4(fields: Fields): string {
  return `${octet(fields)}.${octet(fields)}.${octet(fields)}.${octet(fields)}`;
}

/** RFC 5952, with the last 32 bits dotted where the address embeds an IPv4 one, as `inet_ntop` does. */
export function ipv6(fields: Fields): string {
  const bytes = octets(fields, 16);
  if (bytes.length < 16) return "";
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2));
  const gap = longestGap(groups);
  const embeds =
    gap.start === 0 && (gap.length === 6 || (gap.length === 5 && groups[5] === 0xffff));
  const words = groups.slice(0, embeds ? 6 : 8).map((group) => group.toString(16));
  if (embeds) words.push(bytes.subarray(12).join("."));
  if (gap.length < 2) return words.join(":");
  return `${words.slice(0, gap.start).join(":")}::${words.slice(gap.start + gap.length).join(":")}`;
}

/** `YYYYMMDDHHMMSS` in UTC (RFC 4034 §3.2). Good until 2106, as the 32 bits are. */
export function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replaceAll(/\D/g, "").slice(0, 14);
}

/** The types of NSEC and its kin: ascending windows of 256 bits (RFC 4034 §4.1.2). */
export function typeBitmap(fields: Fields): string[] {
  const names: string[] = [];
  let last = -1;
  while (more(fields)) {
    const window = octet(fields);
    const bits = octets(fields, octet(fields));
    if (window <= last) fail(fields, "the windows of a type bitmap are not in ascending order");
    if (bits.length > 32) fail(fields, "a type bitmap is longer than 32 octets");
    last = window;
    for (const type of typesIn(bits, window)) {
      if (spend(fields, 8)) names.push(type);
    }
  }
  return names;
}

function* typesIn(bits: Buffer, window: number): Generator<string> {
  for (const [index, byte] of bits.entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      if ((byte & (0x80 >> bit)) !== 0) yield typeName(window * 256 + index * 8 + bit);
    }
  }
}

function split(text: string): string {
  return text.length <= width ? text : (text.match(/.{1,56}/g) ?? []).join(" ");
}

function longestGap(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  }
  return best;
}
