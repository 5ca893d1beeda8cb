/**
 * Reading octets one field after the other, without exceptions: the first field that does not fit sets `fault`, and
 * from then on every field reads as zero or empty. Only the end has to be checked, and a message of
 * six thousand broken records costs no six thousand stack traces.
 */
import { labelText } from "./name.ts";

/** One message being read. */
export interface Reading {
  readonly bytes: Buffer;
  /** Names that compression pointers led to, by offset. */
  readonly names: Map<number, string>;
  /** Octets that names may still cost; below zero the message is taken for an attack. */
  allowance: number;
}

/** A stretch of a message, from `at` up to `end`. */
export interface Fields {
  readonly reading: Reading;
  readonly end: number;
  at: number;
  fault?: string;
}

/**
 * Octets of names that may be read from one message. Pointers let 64 KiB expand without measure:
 * eight thousand of them in a chain, walked by three thousand records, is 28 million steps.
 */
const allowance = 0x40000;
/** A name of 255 octets has at most 127 labels, so more pointers than that lead nowhere honest. */
const hops = 127;

export function reading(bytes: Buffer): Reading {
  return { bytes, names: new Map(), allowance };
}

export function octet(fields: Fields): number {
  const at = take(fields, 1);
  return at === undefined ? 0 : fields.reading.bytes.readUInt8(at);
}

export function short(fields: Fields): number {
  const at = take(fields, 2);
  return at === undefined ? 0 : fields.reading.bytes.readUInt16BE(at);
}

export function long(fields: Fields): number {
  const at = take(fields, 4);
  return at === undefined ? 0 : fields.reading.bytes.readUInt32BE(at);
}

/** The next `length` octets, as a view. */
export function octets(fields: Fields, length: number): Buffer {
  const at = take(fields, length) ?? 0;
  return fields.reading.bytes.subarray(at, fields.fault === undefined ? at + length : at);
}

/** All that is left. */
export function rest(fields: Fields): Buffer {
  return octets(fields, fields.end - fields.at);
}

/** Whether anything is left that can be read. */
export function more(fields: Fields): boolean {
  return fields.fault === undefined && fields.at < fields.end;
}

/** A `<character-string>`: one octet of length, then as many octets (RFC 1035 §3.3). */
export function characterString(fields: Fields): Buffer {
  return octets(fields, octet(fields));
}

/** Some of these fields as fields of their own. */
export function part(fields: Fields, length: number): Fields {
  const at = take(fields, length);
  const end = at === undefined ? fields.at : at + length;
  return { reading: fields.reading, at: at ?? end, end };
}

/** Keeps the first fault. */
export function fail(fields: Fields, fault: string): void {
  fields.fault ??= fault;
}

/** A domain name, following compression pointers (RFC 1035 §4.1.4), with a dot at its end. */
export function name(fields: Fields): string {
  if (fields.fault !== undefined) return "";
  const { bytes, names } = fields.reading;
  const pointer = fields.at + 1 < fields.end ? bytes.readUInt16BE(fields.at) - 0xc000 : -1;
  const known = names.get(pointer);
  if (known !== undefined) {
    fields.at += 2;
    return known;
  }
  const text = walk(fields);
  if (pointer >= 0 && fields.fault === undefined) names.set(pointer, text);
  return text;
}

/** Label by label. Pointers must go back, to before the stretch that holds them: so the walk ends. */
function walk(fields: Fields): string {
  const { bytes } = fields.reading;
  const walker = { at: fields.at, start: fields.at, end: fields.end, size: 1, hops: 0 };
  let text = "";
  for (;;) {
    const length = walker.at < walker.end ? bytes.readUInt8(walker.at) : 0x100;
    fields.reading.allowance -= length < 0x40 ? length + 1 : 2;
    const fault = stepFault(length, walker, fields.reading.allowance);
    if (fault !== undefined) {
      fail(fields, fault);
      return "";
    }
    if (length >= 0xc0) {
      if (!jump(fields, walker)) return "";
      continue;
    }
    if (length > 0)
      text += `${labelText(bytes.toString("latin1", walker.at + 1, walker.at + 1 + length))}.`;
    walker.at += length + 1;
    walker.size += length === 0 ? 0 : length + 1;
    if (length === 0) break;
  }
  if (walker.hops === 0) fields.at = walker.at;
  return text === "" ? "." : text;
}

interface Walker {
  at: number;
  /** Where the present stretch of labels began. */
  start: number;
  end: number;
  /** Octets of the name so far, with the root's. */
  size: number;
  hops: number;
}

function stepFault(length: number, walker: Walker, left: number): string | undefined {
  if (left < 0) return "names expand beyond all measure";
  if (length > 0xff) return "a name runs past the end";
  if (length >= 0xc0)
    return walker.hops < hops ? undefined : `a name has more than ${hops} pointers`;
  if (length >= 0x40) return `a label has the reserved type ${length >> 6}`;
  if (walker.at + length >= walker.end) return "a name runs past the end";
  return length > 0 && walker.size + length + 1 > 255
    ? "a name has more than 255 octets"
    : undefined;
}

function jump(fields: Fields, walker: Walker): boolean {
  if (walker.at + 2 > walker.end) {
    fail(fields, "a name runs past the end");
    return false;
  }
  const target = fields.reading.bytes.readUInt16BE(walker.at) - 0xc000;
  if (target >= walker.start) {
    fail(fields, "a compression pointer does not point back");
    return false;
  }
  if (walker.hops === 0) fields.at = walker.at + 2;
  walker.hops += 1;
  walker.start = target;
  walker.at = target;
  walker.end = fields.reading.bytes.length;
  return true;
}

function take(fields: Fields, length: number): number | undefined {
  if (fields.fault !== undefined) return undefined;
  if (fields.at + length > fields.end) {
    fail(fields, "a field runs past the end");
    return undefined;
  }
  const at = fields.at;
  fields.at += length;
  return at;
}
