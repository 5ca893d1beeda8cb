/** What dns2's tables are given: names, record data and OPT in our reading. */
import type { Packet, Reader, Resource, Writer } from "dns2";
import type { OptionOctets } from "./edns.ts";
import { readEdns } from "./edns.ts";
import { name } from "./compression.ts";
import { type Fields, type Reading, reading } from "./fields.ts";
import type { Edns } from "./message.ts";
import { nameOctets } from "./name.ts";
import { octetReader, octetWriter } from "./octets.ts";
import { dataText, internetOnly, readers } from "./rdata.ts";
import { unknownData } from "./text.ts";
import { typeName, typeNumber } from "./types.ts";

export type Dns2Packet = typeof Packet;

/** What the readers learn about one message beside its records. */
export interface Noted {
  readonly reading: Reading;
  readonly defects: string[];
  /** OPT records; more than one is against RFC 6891 §6.1.1. */
  readonly edns: Edns[];
}

/** dns2 hands its readers nothing but the buffer: so it is the key to the message. */
const messages = new WeakMap<Uint8Array, Noted>();

/** What was noted about this message: the same object until the buffer is gone. */
export function noted(bytes: Buffer): Noted {
  const known = messages.get(bytes);
  if (known !== undefined) return known;
  const fresh = { reading: reading(bytes), defects: [], edns: [] };
  messages.set(bytes, fresh);
  return fresh;
}

/** Puts our readers and writers into dns2's tables. Encoders for record data stay dns2's own. */
export function extend(packet: Dns2Packet): void {
  for (const type of Object.keys(readers)) {
    const codec: unknown = Reflect.get(packet.Resource, type);
    Object.assign(packet.TYPE_NAME, { [typeNumber(type) ?? 0]: type });
    Object.assign(packet.Resource, { [type]: Object.assign(codec ?? {}, { decode: decodeData }) });
  }
  const verbatim = { encode: writeOption };
  Object.assign(packet.EDNS_OPTION_NAME, { 3: "NSID", 10: "COOKIE", 12: "PADDING" });
  Object.assign(packet.Resource.EDNS, { NSID: verbatim, COOKIE: verbatim, PADDING: verbatim });
  Object.assign(packet.Resource.EDNS, { decode: decodeOpt });
  Object.assign(packet.Name, { decode: decodeName, encode: nameEncoder(packet) });
  Object.assign(packet, { Reader: octetReader, Writer: octetWriter });
}

/** The stretch that dns2 is about to read. Its readers count in bits. */
function fieldsAt(reader: Reader, length: number): Fields {
  const at = reader.offset / 8;
  return { reading: noted(reader.buffer).reading, at, end: at + length };
}

/** dns2 names have no dot at the end, ours have. */
function decodeName(reader: Reader): string {
  const fields = fieldsAt(reader, reader.remaining() / 8);
  const text = name(fields);
  if (fields.fault !== undefined) throw new Error(fields.fault);
  reader.offset = fields.at * 8;
  return text.slice(0, -1);
}

/** Escapes are ours to write; all else is left to dns2, which also compresses. */
function nameEncoder(packet: Dns2Packet) {
  const encode = packet.Name.encode.bind(packet.Name);
  return (text: string | undefined, writer?: Writer): Buffer | undefined => {
    if (text === undefined || !text.includes("\\")) return encode(text ?? "", writer);
    const target = writer ?? new packet.Writer();
    writeOctets(nameOctets(text), target);
    return writer === undefined ? target.toBuffer() : undefined;
  };
}

/**
 * One reader for every type, because some types share an entry in dns2's table. Data that cannot be read is shown
 * as octets, with the reason among the defects: the record is not lost.
 */
function decodeData(this: Resource, reader: Reader, length: number): Resource {
  const fields = fieldsAt(reader, length);
  const { at: start, end } = fields;
  const raw = () => unknownData(fields.reading.bytes.subarray(start, end));
  // dns2 has clamped the TTL, so it is read again: four octets, two before the data. RFC 2181 §8 wants
  // zero for a value with the highest bit set.
  const ttl = fields.reading.bytes.readUInt32BE(fields.at - 6);
  this.ttl = ttl > 0x7fffffff ? 0 : ttl;
  const type = typeName(this.type);
  const foreign = internetOnly.has(type) && this.class !== 1;
  const text = foreign ? raw() : dataText(type, fields);
  this.data = fields.fault === undefined ? text : raw();
  if (fields.fault !== undefined) {
    noted(reader.buffer).defects.push(`${type} record of ${this.name}.: ${fields.fault}`);
  }
  reader.offset += length * 8;
  return this;
}

/** The fields of the OPT header are read again from the octets: dns2 has clamped them like a TTL. */
function decodeOpt(this: Resource, reader: Reader, length: number) {
  const fields = fieldsAt(reader, length);
  const ttl = fields.reading.bytes.readUInt32BE(fields.at - 6);
  const edns = readEdns(this.class, ttl, fields);
  const { defects, edns: all } = noted(reader.buffer);
  all.push(edns);
  if (all.length === 2) defects.push("more than one OPT record: the first one counts");
  if (fields.fault !== undefined) defects.push(`OPT record: ${fields.fault}`);
  reader.offset += length * 8;
  const { version, dnssecOk } = edns;
  return Object.assign(this, { extendedRcode: ttl >>> 24, version, doFlag: dnssecOk, rdata: [] });
}

function writeOption(option: OptionOctets, writer: Writer): void {
  writeOctets(option.octets, writer);
}

function writeOctets(octets: Uint8Array, writer: Writer): void {
  for (const octet of octets) writer.write(octet, 8);
}
