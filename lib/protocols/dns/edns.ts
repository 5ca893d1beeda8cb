/** The OPT record: not a record but the second half of the header (RFC 6891 §6.1). */
import { type Fields, fail, more, octet, part, rest, short } from "./fields.ts";
import type { Edns, EdnsOption, ExtendedError, QueryEdns } from "./message.ts";
import { ipv4, ipv6 } from "./text.ts";
import { extendedErrorName } from "./types.ts";

/** Options by code (IANA "DNS EDNS0 Option Codes"). */
const nsid = 3;
const subnet = 8;
const cookie = 10;
const padding = 12;
const extendedError = 15;

/** An option to be written: every one is a code and octets. */
export interface OptionOctets {
  readonly ednsCode: number;
  readonly octets: Uint8Array;
}

/** The options of a query whose message has `length` octets without them. */
export function queryOptions(asked: QueryEdns, length: number): OptionOctets[] {
  const options: OptionOctets[] = [];
  if (asked.nsid === true) options.push({ ednsCode: nsid, octets: new Uint8Array() });
  if (asked.cookie !== undefined) options.push({ ednsCode: cookie, octets: asked.cookie });
  if (asked.padTo === undefined) return options;
  // Padding is counted with its own four octets and comes last (RFC 7830 §3).
  const filled = options.reduce((sum, option) => sum + 4 + option.octets.length, length + 4);
  const missing = (asked.padTo - (filled % asked.padTo)) % asked.padTo;
  return [...options, { ednsCode: padding, octets: new Uint8Array(missing) }];
}

/** What an OPT record says. `size` and `ttl` are its CLASS and TTL fields, put to another use (§6.1.3). */
export function readEdns(size: number, ttl: number, fields: Fields): Edns {
  const options: EdnsOption[] = [];
  const ede: ExtendedError[] = [];
  let told: Partial<Edns> = {};
  while (more(fields)) {
    const code = short(fields);
    const value = part(fields, short(fields));
    if (fields.fault !== undefined) break;
    const bytes = fields.reading.bytes.subarray(value.at, value.end);
    options.push({ code, hex: bytes.toString("hex") });
    if (code === extendedError) ede.push(readExtendedError(value));
    else told = { ...told, ...readOption(code, value, bytes) };
    if (value.fault !== undefined) fail(fields, `EDNS option ${code}: ${value.fault}`);
  }
  const version = (ttl >>> 16) & 0xff;
  return { udpSize: size, version, dnssecOk: (ttl & 0x8000) !== 0, options, ...told, ede };
}

function readOption(code: number, value: Fields, bytes: Buffer): Partial<Edns> {
  if (code === nsid) return { nsid: serverName(bytes) };
  if (code === cookie && bytes.length >= 8) {
    const server = bytes.subarray(8).toString("hex");
    return { cookie: { client: bytes.subarray(0, 8).toString("hex"), server } };
  }
  if (code === subnet) return readSubnet(value);
  return {};
}

function serverName(bytes: Buffer): NonNullable<Edns["nsid"]> {
  const text = bytes.toString("latin1");
  const hex = bytes.toString("hex");
  return /^[ -~]+$/.test(text) ? { hex, text } : { hex };
}

/** RFC 7871 §6: as many octets of the address as the prefix needs. */
function readSubnet(value: Fields): Partial<Edns> {
  const family = short(value);
  const source = octet(value);
  const scope = octet(value);
  const size = family === 1 ? 4 : 16;
  const start = rest(value);
  if (family > 2 || family < 1 || start.length > size) {
    fail(value, "no client subnet of IPv4 or IPv6");
    return {};
  }
  const bytes = Buffer.alloc(size);
  start.copy(bytes);
  const whole = { reading: { ...value.reading, bytes }, at: 0, end: size };
  return { subnet: { address: family === 1 ? ipv4(whole) : ipv6(whole), source, scope } };
}

/** RFC 8914 §2. Some servers end the text with a NUL, which is not part of it (§3). */
function readExtendedError(value: Fields): ExtendedError {
  const code = short(value);
  const text = rest(value).toString("utf8").replace(/\0+$/, "");
  return { code, name: extendedErrorName(code), text };
}
