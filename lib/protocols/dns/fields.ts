/**
 * Reading octets one field after the other, without exceptions: the first field that does not fit sets `fault`, and
 * from then on every field reads as zero or empty. Only the end has to be checked, and a message of
 * six thousand broken records costs no six thousand stack traces.
 */

/** One message being read. */
export interface Reading {
  readonly bytes: Buffer;
  /** Names that compression pointers led to, by offset. */
  readonly names: Map<number, string>;
  /** What names and bitmaps may still cost; below zero the message is taken for an attack. */
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
 * Octets that names and bitmaps may unfold into, in one message. Pointers let 64 KiB expand without measure:
 * a chain of eight thousand, walked by three thousand records, is 28 million steps.
 */
const allowance = 0x40000;

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

/** Keeps the first fault. False, so that a reader can fail and stop in one breath. */
export function fail(fields: Fields, fault: string): false {
  fields.fault ??= fault;
  return false;
}

/** Takes from the message's allowance. False, with a fault, when it is used up. */
export function spend(fields: Fields, cost: number): boolean {
  fields.reading.allowance -= cost;
  return fields.reading.allowance >= 0 || fail(fields, "the message unfolds beyond measure");
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
