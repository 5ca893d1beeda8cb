/** Domain names within a message, where the end of one may be a pointer to another (RFC 1035 §4.1.4). */
import { type Fields, fail, spend } from "./fields.ts";
import { labelText } from "./name.ts";

/** A name of 255 octets has at most 127 labels, so more pointers than that lead nowhere honest. */
const maximum = 127;

interface Walker {
  at: number;
  /** Where the present stretch of labels began, and where it must end. */
  start: number;
  end: number;
  /** Octets of the name so far, with the root's. */
  size: number;
  hops: number;
  text: string;
}

/** A domain name with a dot at its end, `.` for the root; empty when the fields have a fault. */
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

/** Pointers must go back to before the stretch that holds them, as RFC 1035 has it: so every walk ends. */
function walk(fields: Fields): string {
  const { at, end } = fields;
  const walker = { at, start: at, end, size: 1, hops: 0, text: "" };
  while (step(fields, walker));
  if (fields.fault !== undefined) return "";
  if (walker.hops === 0) fields.at = walker.at;
  return walker.text === "" ? "." : walker.text;
}

/** One label or pointer. False at the root, and when there is a fault. */
function step(fields: Fields, walker: Walker): boolean {
  const { reading } = fields;
  const length = walker.at < walker.end ? reading.bytes.readUInt8(walker.at) : 0x100;
  if (!spend(fields, length < 0x40 ? length + 1 : 2)) return false;
  const fault = stepFault(length, walker);
  if (fault !== undefined) return fail(fields, fault);
  if (length >= 0xc0) return jump(fields, walker);
  walker.at += length + 1;
  if (length === 0) return false;
  walker.size += length + 1;
  walker.text += `${labelText(reading.bytes.toString("latin1", walker.at - length, walker.at))}.`;
  return true;
}

function stepFault(length: number, walker: Walker): string | undefined {
  if (length > 0xff) return "a name runs past the end";
  if (length >= 0xc0) return walker.hops < maximum ? undefined : "a name has too many pointers";
  if (length >= 0x40) return `a label has the reserved type ${length >> 6}`;
  if (walker.at + length >= walker.end) return "a name runs past the end";
  const tooLong = length > 0 && walker.size + length + 1 > 255;
  return tooLong ? "a name has more than 255 octets" : undefined;
}

function jump(fields: Fields, walker: Walker): boolean {
  if (walker.at + 2 > walker.end) return fail(fields, "a name runs past the end");
  const target = fields.reading.bytes.readUInt16BE(walker.at) - 0xc000;
  if (target >= walker.start) return fail(fields, "a compression pointer does not point back");
  if (walker.hops === 0) fields.at = walker.at + 2;
  walker.hops += 1;
  walker.start = target;
  walker.at = target;
  walker.end = fields.reading.bytes.length;
  return true;
}
