/**
 * Our codec beside somebody else's, dns-packet: it reads what we write, we read what it writes, and of a
 * damaged message both say the same, wherever neither finds anything to complain about.
 */
import * as other from "dns-packet";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { Failure } from "../../../lib/failure.ts";
import { codec } from "../../../lib/protocols/dns/codec.ts";
import type { Message, ResourceRecord } from "../../../lib/protocols/dns/message.ts";
import { typeName, typeNumber } from "../../../lib/protocols/dns/types.ts";
import { captured } from "./captured.ts";

const { encodeQuery, decode } = await codec();

const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join("."));
const eight = fc.nat(0xff);
const sixteen = fc.nat(0xffff);
const seconds = fc.nat(0x7fffffff);
const words = fc.stringMatching(/^[ !#-[\]-~]{0,40}$/);
const bytesOf = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((bytes) => Buffer.from(bytes));
const some = bytesOf(1, 80);

function answer<T extends other.Answer["type"], D>(type: T, data: fc.Arbitrary<D>) {
  return fc.record({ type: fc.constant(type), name, ttl: seconds, data });
}

/** A record of each type that dns-packet can write, with any data. */
const anyRecord: fc.Arbitrary<other.Answer> = fc.oneof(
  answer("A", fc.ipV4()),
  answer("AAAA", fc.ipV6()),
  ...(["CNAME", "DNAME", "NS", "PTR"] as const).map((type) => answer(type, name)),
  answer("MX", fc.record({ preference: sixteen, exchange: name })),
  answer("SRV", fc.record({ priority: sixteen, weight: sixteen, port: sixteen, target: name })),
  answer("TXT", fc.array(some, { minLength: 1, maxLength: 4 })),
  answer("HINFO", fc.record({ cpu: words, os: words })),
  answer("RP", fc.record({ mbox: name, txt: name })),
  answer("DS", fc.record({ keyTag: sixteen, algorithm: eight, digestType: eight, digest: some })),
  answer("DNSKEY", fc.record({ flags: sixteen, algorithm: eight, key: some })),
  answer(
    "SSHFP",
    fc.record({
      algorithm: eight,
      hash: fc.constant(2),
      fingerprint: bytesOf(32, 32).map((bytes) => bytes.toString("hex")),
    }),
  ),
  answer(
    "TLSA",
    fc.record({ usage: eight, selector: eight, matchingType: eight, certificate: some }),
  ),
  answer(
    "SOA",
    fc.record({
      mname: name,
      rname: name,
      serial: seconds,
      refresh: seconds,
      retry: seconds,
      expire: seconds,
      minimum: seconds,
    }),
  ),
  answer(
    "NAPTR",
    fc.record({
      order: sixteen,
      preference: sixteen,
      flags: words,
      services: words,
      regexp: words,
      replacement: name,
    }),
  ),
  answer(
    "RRSIG",
    fc.record({
      typeCovered: fc.constantFrom("A", "MX", "SOA"),
      algorithm: eight,
      labels: eight,
      originalTTL: seconds,
      expiration: seconds,
      inception: seconds,
      keyTag: sixteen,
      signersName: name,
      signature: some,
    }),
  ),
  answer(
    "NSEC",
    fc.record({ nextDomain: name, rrtypes: fc.constant<string[]>(["A", "MX", "CAA"]) }),
  ),
  answer(
    "CAA",
    fc.record({ flags: fc.constantFrom(0, 128), tag: fc.constant("issue" as const), value: words }),
  ),
);

/** Whatever it reads: its own types promise more than a damaged message keeps. */
const section = z.array(
  z.object({
    name: z.string(),
    type: z.string(),
    flush: z.boolean().optional(),
    ttl: z.number().optional(),
    data: z.unknown().optional(),
  }),
);
const reading = z.object({
  id: z.number(),
  answers: section,
  authorities: section,
  additionals: section,
});

type Theirs = z.infer<typeof section>[number];

const names = new Set(["exchange", "target", "mname", "rname", "mbox", "txt", "signersName"]);
for (const key of ["replacement", "nextDomain"]) names.add(key);
const times = new Set(["expiration", "inception"]);

const dotted = (text: string) => (text === "." ? text : `${text}.`);
/** Types that it has a mnemonic for and we have not. */
const others = new Map(
  Object.entries({ NULL: 10, SIG: 24, KEY: 25, APL: 42, IPSECKEY: 45, DHCID: 49, HIP: 55 }),
);
for (const [type, number] of Object.entries({ TKEY: 249, TA: 32_768, DLV: 32_769 }))
  others.set(type, number);

function known(type: string): string {
  const given = /^UNKNOWN_(\d+)$/.exec(type)?.[1];
  return typeName(Number(given ?? others.get(type) ?? typeNumber(type)));
}

const stamp = (value: number) => new Date(value * 1000).toISOString().replaceAll(/[-T:]|\..*/g, "");
/** Quotes and spaces are a matter of taste. */
const bare = (text: string) => text.replaceAll(/[\s"]/g, "");

/** Their structure in the words of a zone file: they keep the order of the fields. */
function written({ type, data }: Theirs): string {
  if (Buffer.isBuffer(data)) return `\\# ${data.length}${hexOf(data)}`;
  if (Array.isArray(data)) return data.map((part) => String(part)).join("");
  if (typeof data === "string") return type === "A" ? data : textOf(type, data);
  const fields: [string, unknown][] = Object.entries(Object(data));
  const shown = fields.filter(([key]) => key !== "issuerCritical");
  if (type === "DNSKEY") shown.splice(1, 0, ["protocol", 3]);
  return shown.map(([key, value]) => field(key, value)).join("");
}

function textOf(type: string, data: string): string {
  return type === "AAAA" ? new URL(`http://[${data}]`).hostname.slice(1, -1) : dotted(data);
}

function field(key: string, value: unknown): string {
  if (Buffer.isBuffer(value)) {
    return ["key", "signature"].includes(key) ? value.toString("base64") : hexOf(value);
  }
  if (Array.isArray(value)) return value.map((type) => known(String(type))).join("");
  if (times.has(key)) return stamp(Number(value));
  if (key === "fingerprint") return String(value).toUpperCase();
  if (key === "typeCovered") return known(String(value));
  return names.has(key) ? dotted(String(value)) : String(value);
}

const hexOf = (bytes: Buffer) => bytes.toString("hex").toUpperCase();

/** Ours, as it would be compared: `inet_ntop` dots what embeds IPv4, WHATWG URL does not. */
const ours = ({ type, data }: ResourceRecord) =>
  bare(type === "AAAA" ? new URL(`http://[${data}]`).hostname.slice(1, -1) : data);

/** What the two cannot agree on: octets that need an escape, which it lacks, and types that it reads as one field. */
function comparable(mine: ResourceRecord, { flush, type }: Theirs): boolean {
  if (flush === true || ["OPT", "NSEC3", "NULL"].includes(type)) return false;
  return !`${mine.name}${mine.data}`.replace(/^\\# /, "").includes("\\");
}

/** Fingerprints of another length than it knows: it takes the rest from beyond the record, and loses its place. */
const misled = ({ answers, authority, additional }: Message) =>
  [...answers, ...authority, ...additional].some(
    ({ type, data }) => type === "SSHFP" && !/^\d+ (?:1 [\dA-F]{40}|2 [\dA-F ]{65})$/.test(data),
  );

/** How many records were held against each other. */
function compare(mine: Message, theirs: readonly Theirs[], part: keyof Sections): number {
  const rest = theirs.filter(({ type }) => type !== "OPT");
  expect(mine[part]).toHaveLength(rest.length);
  const pairs = mine[part].flatMap((one, index) => {
    const their = rest[index];
    return their !== undefined && comparable(one, their) ? [{ one, their }] : [];
  });
  for (const { one, their } of pairs) {
    expect(one).toMatchObject({ name: dotted(their.name), type: known(their.type) });
    const { ttl = 0 } = their;
    expect(one.ttl).toBe(ttl > 0x7fffffff ? 0 : ttl);
    const unknown = one.data.startsWith("\\# ");
    if (one.class === "IN" && unknown === Buffer.isBuffer(their.data))
      expect(ours(one)).toBe(bare(written(their)));
  }
  return pairs.length;
}

type Sections = Pick<Message, "answers" | "authority" | "additional">;

/** How many records both read alike; none when either complains. */
function agree(bytes: Buffer): number {
  const [mine, theirs] = [readByUs(bytes), readByThem(bytes)];
  if (mine === undefined || theirs === undefined || mine.defects.length > 0 || misled(mine))
    return 0;
  expect(mine.id).toBe(theirs.id);
  return (
    compare(mine, theirs.answers, "answers") +
    compare(mine, theirs.authorities, "authority") +
    compare(mine, theirs.additionals, "additional")
  );
}

function readByUs(bytes: Buffer): Message | undefined {
  try {
    return decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return undefined;
  }
}

/** One bad record loses it the whole message: that is its way, and no news. */
function readByThem(bytes: Buffer): z.infer<typeof reading> | undefined {
  let read: unknown;
  try {
    read = other.decode(bytes);
  } catch {
    return undefined;
  }
  return reading.parse(read);
}

test("what it writes we read, record by record", () => {
  const sections = fc.record({
    answers: fc.array(anyRecord, { maxLength: 6 }),
    authorities: fc.array(anyRecord, { maxLength: 3 }),
    additionals: fc.array(anyRecord, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(sixteen, sections, (id, parts) => {
      const bytes = other.encode({ type: "response", id, ...parts });
      expect(decode(bytes).defects).toEqual([]);
      const records = Object.values(parts).flat();
      const escaped = records.filter(({ type }) => type === "TXT" || type === "HINFO").length;
      expect(agree(bytes)).toBeGreaterThanOrEqual(records.length - escaped);
    }),
    { numRuns: 1000 },
  );
});

test("what we ask it reads, to the last flag", () => {
  const size = fc.integer({ min: 512, max: 0xffff });
  const flags = fc.record({ rd: fc.boolean(), cd: fc.boolean(), dnssecOk: fc.boolean() });
  const type = fc.constantFrom("A", "AAAA", "TXT", "SOA", "TLSA", "CAA");
  fc.assert(
    fc.property(sixteen, name, type, size, flags, (id, asked, wanted, udpSize, on) => {
      const bytes = encodeQuery({
        id,
        name: asked,
        type: wanted,
        recursionDesired: on.rd,
        checkingDisabled: on.cd,
        edns: { udpSize, dnssecOk: on.dnssecOk },
      });
      expect(other.decode(Buffer.from(bytes))).toMatchObject({
        type: "query",
        id,
        flag_rd: on.rd,
        flag_cd: on.cd,
        questions: [{ name: asked, class: "IN" }],
        additionals: [{ type: "OPT", udpPayloadSize: udpSize, flag_do: on.dnssecOk }],
      });
    }),
    { numRuns: 1000 },
  );
});

test("real answers read alike", () => {
  const counts = captured.map(agree);
  expect(counts.every((count) => count > 0)).toBe(true);
});

test("damaged messages read alike, as far as both read them", () => {
  const made = fc
    .array(anyRecord, { minLength: 1, maxLength: 5 })
    .map((answers) => other.encode({ type: "response", id: 7, answers }));
  const whole = fc.oneof(fc.constantFrom(...captured), made);
  const change = fc.tuple(fc.nat(0xffff), eight);
  let compared = 0;
  fc.assert(
    fc.property(whole, fc.array(change, { minLength: 1, maxLength: 4 }), (seed, changes) => {
      const bytes = Buffer.from(seed);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      compared += agree(bytes);
    }),
    { numRuns: 2000 },
  );
  expect(compared).toBeGreaterThan(500);
});
