/** As much of BSON (https://bsonspec.org) as a greeting needs: the plain values at the top of a document. */
import { malformed } from "./talk.ts";

export type Value = string | number | boolean;

interface Kind {
  /** How many octets the value takes that begins here. */
  length(from: Buffer): number;
  read?(from: Buffer): Value;
}

const fixed = (octets: number): Kind => ({ length: () => octets });

/** Begins with a length of its own, to which `more` is added. */
const counted = (more: number): Kind => ({
  length: (from) => (from.length < 4 ? 4 : from.readUInt32LE(0) + more),
});

const kinds: Readonly<Record<number, Kind>> = {
  0x01: { length: () => 8, read: (from) => from.readDoubleLE(0) },
  0x02: { ...counted(4), read: (from) => from.toString("utf8", 4, 3 + from.readUInt32LE(0)) },
  0x03: counted(0), // a document
  0x04: counted(0), // an array
  0x05: counted(5), // octets
  0x07: fixed(12),
  0x08: { length: () => 1, read: (from) => from[0] === 1 },
  0x09: fixed(8),
  0x0a: fixed(0),
  0x10: { length: () => 4, read: (from) => from.readInt32LE(0) },
  0x11: fixed(8),
  0x12: fixed(8),
  0x13: fixed(16),
};

/** Throws `service.malformed` for what does not fit. */
export function readDocument(bytes: Buffer): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  let at = 4;
  while (bytes[at] !== 0) {
    const kind = kinds[bytes[at] ?? 0];
    const stop = bytes.indexOf(0, at + 1);
    if (kind === undefined || stop < 0) throw cut();
    const from = bytes.subarray(stop + 1);
    const length = kind.length(from);
    if (length > from.length) throw cut();
    const value = kind.read?.(from);
    if (value !== undefined) values.set(bytes.toString("utf8", at + 1, stop), value);
    at = stop + 1 + length;
  }
  return values;
}

function cut() {
  return malformed("MongoDB", "a document does not fit its own lengths");
}
