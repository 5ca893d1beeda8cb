/**
 * DNS messages to octets and back, by dns2.
 *
 * dns2 lays out the message: header, sections, records. What it lacks or gets wrong is put into its own
 * tables, in `extend` and nowhere else: names (it neither escapes them nor bounds its pointers), the data
 * of every type (here zone file text), OPT (it drops most options). The tables are shared by the whole
 * process, so the version is pinned and a test watches their shape.
 */
import type { Header, Question as Asked, Resource } from "dns2";
import { Failure } from "../../failure.ts";
import { queryOptions } from "./edns.ts";
import { type Dns2Packet, extend, noted } from "./extend.ts";
import type { Message, Query, QueryEdns, Question, ResourceRecord } from "./message.ts";
import { nameOctets } from "./name.ts";
import { unknownData } from "./text.ts";
import { className, classNumber, rcodeName, typeName, typeNumber } from "./types.ts";

export interface Codec {
  /** The octets of a query. A TypeError when a name, type or class is none: judge those where they come in. */
  readonly encodeQuery: (query: Query) => Uint8Array;
  /** What a message says. Throws only `Failure` with `dns.malformed`; lesser faults are `defects`. */
  readonly decode: (bytes: Uint8Array) => Message;
}

const header = 12;
/** OPT without options: the root's name and ten octets of fixed fields. */
const opt = 11;
/** Defects that are told one by one. */
const told = 20;

let loading: Promise<Codec> | undefined;

/** Loads dns2 at the first call. Its only entry brings clients and servers along, which start-up need not pay for. */
export function codec(): Promise<Codec> {
  return (loading ??= load());
}

async function load(): Promise<Codec> {
  const { Packet } = await import("dns2");
  extend(Packet);
  return {
    encodeQuery: (query) => encodeQuery(Packet, query),
    decode: (bytes) => decode(Packet, bytes),
  };
}

function encodeQuery(dns2: Dns2Packet, query: Query): Uint8Array {
  const name = nameOctets(query.name);
  const type = typeNumber(query.type);
  const kind = classNumber(query.class ?? "IN");
  if (type === undefined) throw new TypeError(`${query.type} is no record type`);
  if (kind === undefined) throw new TypeError(`${query.class} is no class`);
  const packet = new dns2();
  packet.header = new dns2.Header({ id: query.id, rd: query.recursionDesired ? 1 : 0 });
  Object.assign(packet.header, { cd: query.checkingDisabled === true ? 1 : 0 });
  // Not as arguments: there dns2 takes a type or class of zero for none given and asks for ANY.
  packet.questions.push(
    Object.assign(new dns2.Question(), { name: query.name, type, class: kind }),
  );
  if (query.edns !== "off") {
    packet.additionals.push(optRecord(dns2, query.edns, header + name.length + 4 + opt));
  }
  return packet.toBuffer();
}

function optRecord(dns2: Dns2Packet, edns: QueryEdns, length: number): Resource {
  return dns2.Resource.EDNS(queryOptions(edns, length), {
    udpPayloadSize: edns.udpSize,
    doFlag: edns.dnssecOk,
  });
}

function decode(dns2: Dns2Packet, bytes: Uint8Array): Message {
  if (bytes.length < header || bytes.length > 0xffff) {
    throw malformed(`a message of ${bytes.length} octets is no DNS message`, bytes);
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packet = dns2.parse(buffer);
  const { reading, defects, edns } = noted(buffer);
  if (reading.allowance < 0) {
    throw malformed(
      "the message unfolds beyond measure: it is made to keep its reader busy",
      bytes,
    );
  }
  const all = [...defects, ...packet.errors.map((error) => error.message)];
  return {
    ...headerOf(packet.header),
    question: packet.questions.map(question),
    answers: records(packet.answers),
    authority: records(packet.authorities),
    additional: records(packet.additionals),
    ...(edns[0] && { edns: edns[0] }),
    defects: all.length > told ? [...all.slice(0, told), `and ${all.length - told} more`] : all,
  };
}

function headerOf(fields: Header & { readonly ad?: number; readonly cd?: number }) {
  const { id, rcode, opcode, qr, aa, tc, rd, ra, ad, cd } = fields;
  const flags = { qr: qr === 1, aa: aa === 1, tc: tc === 1, rd: rd === 1, ra: ra === 1 };
  return {
    id,
    rcode: rcodeName(rcode),
    rcodeNumber: rcode,
    opcode,
    flags: { ...flags, ad: ad === 1, cd: cd === 1 },
  };
}

function question(asked: Asked): Question {
  return { name: `${asked.name}.`, type: typeName(asked.type), class: className(asked.class) };
}

function records(resources: readonly Resource[]): ResourceRecord[] {
  return resources.filter((resource) => resource.type !== 41).map(record);
}

/**
 * Data that came through our readers is text; dns2 leaves that of other types as octets, and a TTL with
 * the highest bit set as the greatest one without it.
 */
function record(resource: Resource): ResourceRecord {
  const { data } = resource;
  return {
    name: `${resource.name}.`,
    type: typeName(resource.type),
    class: className(resource.class),
    ttl: resource.ttl,
    data: Buffer.isBuffer(data) ? unknownData(data) : String(data),
  };
}

function malformed(message: string, bytes: Uint8Array): Failure {
  return new Failure("dns.malformed", message, { octets: bytes.length });
}
