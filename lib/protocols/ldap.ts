/** Two questions of LDAP that need no login: RFC 4511, in BER with definite lengths. */
import { elementsOf, readDer, type Der } from "./der.ts";
import { malformed, wrongProtocol, type Talk } from "./talk.ts";

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTETS = 0x04;
const ENUMERATED = 0x0a;
const BOOLEAN = 0x01;
const SEARCH = 0x63;
const ENTRY = 0x64;
const SEARCH_DONE = 0x65;
const EXTENDED = 0x77;
const EXTENDED_DONE = 0x78;

/** The name of StartTLS, RFC 4511 §4.14. */
export const START_TLS = "1.3.6.1.4.1.1466.20037";

function tlv(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const value = Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)),
  );
  const length =
    value.length < 0x80 ? [value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), value]);
}

const number = (tag: number, value: number) => tlv(tag, Buffer.of(value));
const message = (id: number, operation: Buffer) => tlv(SEQUENCE, number(INTEGER, id), operation);

/** The entry without a name, which says what the server is: RFC 4512 §5.1. */
export function rootRequest(id: number, attributes: readonly string[]): Buffer {
  const scopeAndLimits = [ENUMERATED, ENUMERATED, INTEGER, INTEGER].map((tag) => number(tag, 0));
  const anything = tlv(0x87, "objectClass");
  const wanted = tlv(SEQUENCE, ...attributes.map((name) => tlv(OCTETS, name)));
  const search = [tlv(OCTETS), ...scopeAndLimits, number(BOOLEAN, 0), anything, wanted];
  return message(id, tlv(SEARCH, ...search));
}

export function startTlsRequest(id: number): Buffer {
  return message(id, tlv(EXTENDED, tlv(0x80, START_TLS)));
}

export interface Result {
  /** 0 for success. */
  readonly code: number;
  /** What the server adds for people; it may be empty. */
  readonly message: string;
}

/** The result of the operation, RFC 4511 §4.1.9. Throws `service.wrong_protocol` and `service.malformed`. */
export async function readResult(
  talk: Talk,
  onEntry: (entry: Attributes) => void,
): Promise<Result> {
  for (let messages = 0; messages < 16; messages += 1) {
    const operation = await operationOf(talk);
    if (operation.tag === ENTRY) onEntry(attributesOf(operation));
    else if (operation.tag === SEARCH_DONE || operation.tag === EXTENDED_DONE) {
      const [code, , said] = elementsOf(operation.value);
      return { code: code?.value[0] ?? -1, message: said === undefined ? "" : textOf(said) };
    }
  }
  throw malformed("LDAP", "one entry is asked for, and more keep coming");
}

export type Attributes = ReadonlyMap<string, readonly string[]>;

async function operationOf(talk: Talk): Promise<Der> {
  const read = readDer(await elementOf(talk));
  const [id, operation] = read === undefined ? [] : elementsOf(read.value);
  if (id?.tag !== INTEGER || operation === undefined) throw wrongProtocol(talk, "LDAP");
  return operation;
}

/** A sequence, whole. Its length is one octet, or the number of octets that hold it. */
async function elementOf(talk: Talk): Promise<Buffer> {
  const head = await talk.octets(2);
  const [tag, first = 0] = head;
  if (tag !== SEQUENCE || first === 0x80 || first > 0x83) throw wrongProtocol(talk, "LDAP");
  if (first < 0x80) return Buffer.concat([head, await talk.octets(first)]);
  const length = await talk.octets(first & 0x7f);
  const value = await talk.octets(length.readUIntBE(0, length.length));
  return Buffer.concat([head, length, value]);
}

function attributesOf(entry: Der): Attributes {
  const [, list] = elementsOf(entry.value);
  const attributes = new Map<string, readonly string[]>();
  for (const each of list === undefined ? [] : elementsOf(list.value)) {
    const [name, values] = elementsOf(each.value);
    if (name === undefined || values === undefined) continue;
    attributes.set(textOf(name), elementsOf(values.value).slice(0, 64).map(textOf));
  }
  return attributes;
}

function textOf({ value }: Der): string {
  return Buffer.from(value.subarray(0, 256)).toString("utf8");
}
