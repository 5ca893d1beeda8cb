/** Messages put together octet by octet, as any server might send them, well-formed or not. */
import { nameOctets } from "../../../lib/protocols/dns/name.ts";
import { typeNumber } from "../../../lib/protocols/dns/types.ts";

export interface Parts {
  id?: number;
  /** The second sixteen bits: a plain response with `aa` unless said otherwise. */
  flags?: number;
  questions?: readonly Buffer[];
  answers?: readonly Buffer[];
  authority?: readonly Buffer[];
  additional?: readonly Buffer[];
  /** Overrides the four counts of the header. */
  counts?: readonly [number, number, number, number];
}

export function message(parts: Parts): Buffer {
  const { questions = [], answers = [], authority = [], additional = [] } = parts;
  const counted = [questions.length, answers.length, authority.length, additional.length];
  const header = Buffer.alloc(12);
  const fields = [parts.id ?? 7, parts.flags ?? 0x8400, ...(parts.counts ?? counted)];
  for (const [index, value] of fields.entries()) header.writeUInt16BE(value, index * 2);
  return Buffer.concat([header, ...questions, ...answers, ...authority, ...additional]);
}

export function question(name: string, type: string, kind = 1): Buffer {
  return Buffer.concat([nameOctets(name), shorts(typeNumber(type) ?? 0, kind)]);
}

/** `owner` as text, or as the octets it is to have. */
export function record(
  owner: string | Buffer,
  type: string,
  data: Buffer | string,
  { ttl = 300, kind = 1 } = {},
): Buffer {
  const rdata = typeof data === "string" ? hex(data) : data;
  const name = typeof owner === "string" ? nameOctets(owner) : owner;
  const seconds = Buffer.alloc(4);
  seconds.writeUInt32BE(ttl);
  const type16 = shorts(typeNumber(type) ?? 0, kind);
  return Buffer.concat([name, type16, seconds, shorts(rdata.length), rdata]);
}

export function option(code: number, data: string): Buffer {
  return Buffer.concat([shorts(code, hex(data).length), hex(data)]);
}

export function opt(options: readonly Buffer[], { size = 1232, ttl = 0 } = {}): Buffer {
  return record(".", "OPT", Buffer.concat(options), { kind: size, ttl });
}

export function shorts(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 0xff])));
}

export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}
