/**
 * What a server of AMQP says about itself before any login: the frames of SASL in AMQP 1.0 (OASIS part 2.3,
 * part 5.3), and Connection.Start of AMQP 0-9-1 (§4.2.3, §4.2.5, §1.4.2.1).
 */
import { malformed, type Talk } from "./talk.ts";

/** The name, then protocol 3, which is SASL, of version 1.0.0. */
export const SASL_HEADER = Buffer.from("AMQP\x03\x01\x00\x00", "latin1");

/** The header of version 0-9-1. */
export const OLD_HEADER = Buffer.from("AMQP\x00\x00\x09\x01", "latin1");

export const HEADER = 8;

/** `AMQP 0 0 9 1` is 0-9-1; of 1.0 the first number is the protocol above the transport. */
export function versionOf(header: Buffer): string {
  const [protocol, ...version] = header.subarray(4);
  return protocol === 0 && version[0] === 0 ? version.join("-") : version.slice(0, 2).join(".");
}

/** No greeting is longer. */
const LONGEST = 8192;
const MOST_NAMES = 32;

const broken = (what: string) => malformed("AMQP", what);

/** sasl-mechanisms: a list whose first field is one symbol, or an array of them. Throws `service.malformed`. */
export async function readMechanisms(talk: Talk): Promise<string[]> {
  const length = (await talk.octets(4)).readUInt32BE();
  if (length < HEADER || length > LONGEST) throw broken(`a frame of ${length} octets`);
  const frame = await talk.octets(length - 4);
  const [offset = 0, type] = frame;
  if (type !== 1) throw broken("the frame after the header is not one of SASL");
  return bounded(() => mechanismsIn(frame.subarray(4 * offset - 4)));
}

function mechanismsIn(body: Buffer): string[] {
  // 0x00 begins a descriptor: the number 0x40 in one octet or in eight.
  const at = body.readUInt8(1) === 0x53 ? 3 : 10;
  if (body.readUInt8(0) !== 0 || body.readUInt8(at - 1) !== 0x40) {
    throw broken("the first frame of SASL names no mechanisms");
  }
  const head = { 0xc0: 3, 0xd0: 9 }[body.readUInt8(at)];
  if (head === undefined) throw broken("the mechanisms are no list");
  return symbolsIn(body.subarray(at + head));
}

/** How many octets the lengths and counts of a type take: the types come in a short and a long form. */
const widths: Readonly<Record<number, 1 | 4>> = { 0xa3: 1, 0xb3: 4, 0xe0: 1, 0xf0: 4 };

function symbolsIn(value: Buffer): string[] {
  const type = value.readUInt8(0);
  const width = widths[type];
  if (width === undefined) throw broken(`a mechanism of type 0x${type.toString(16)}`);
  if (type < 0xe0) return [textAt(value, 1, width).text];
  const count = value.readUIntBE(1 + width, width);
  const inner = widths[value.readUInt8(1 + 2 * width)];
  if (inner === undefined) throw broken("an array that holds no symbols");
  const names: string[] = [];
  let at = 2 + 2 * width;
  while (names.length < Math.min(count, MOST_NAMES)) {
    const { text, end } = textAt(value, at, inner);
    names.push(text);
    at = end;
  }
  return names;
}

function textAt(bytes: Buffer, at: number, width: 1 | 4): { text: string; end: number } {
  const from = at + width;
  const end = from + bytes.readUIntBE(at, width);
  if (end > bytes.length) throw broken("a text is longer than what holds it");
  return { text: bytes.toString("latin1", from, end), end };
}

export interface Start {
  readonly mechanisms: readonly string[];
  /** What the server calls itself, with its version. */
  readonly product?: string;
}

const METHOD = 1;
const FRAME_END = 0xce;
/** Class connection, method start. */
const START = 0x000a_000a;

/** Throws `service.malformed`. */
export async function readStart(talk: Talk): Promise<Start> {
  const head = await talk.octets(7);
  const length = head.readUInt32BE(3);
  if (head[0] !== METHOD || length < 12 || length > LONGEST) {
    throw broken("the first frame is not Connection.Start");
  }
  const frame = await talk.octets(length + 1);
  if (frame.at(-1) !== FRAME_END || frame.readUInt32BE(0) !== START) {
    throw broken("the first frame is not Connection.Start");
  }
  return bounded(() => startIn(frame));
}

function startIn(frame: Buffer): Start {
  // Two octets of version, then the table of properties.
  const end = 10 + frame.readUInt32BE(6);
  const known = propertiesIn(frame.subarray(10, end));
  const { text } = textAt(frame, end, 4);
  const product = ["product", "version"].flatMap((name) => known.get(name) ?? []).join(" ");
  const mechanisms = text.split(" ").filter((each) => each !== "");
  return {
    mechanisms: mechanisms.slice(0, MOST_NAMES),
    ...(product === "" ? {} : { product }),
  };
}

/** The values that are texts. Those that are tables have a length of four octets too, and flags have one octet. */
function propertiesIn(table: Buffer): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (let at = 0; at < table.length;) {
    const name = textAt(table, at, 1);
    const type = String.fromCharCode(table.readUInt8(name.end));
    if (type === "t") at = name.end + 2;
    else if (type === "S" || type === "F") {
      const value = textAt(table, name.end + 1, 4);
      if (type === "S") known.set(name.text, value.text);
      at = value.end;
    } else break; // nothing that is wanted follows
  }
  return known;
}

/** What is cut short reads past its end, which Buffer says by a RangeError. */
function bounded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw broken("a frame is shorter than what it holds");
    throw error;
  }
}
