/** Messages made to hurt whoever reads them. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../../lib/failure.ts";
import { codec } from "../../../lib/protocols/dns/codec.ts";
import { hex, message, opt, option, question, record, shorts } from "./build.ts";
import { captured } from "./captured.ts";

const { decode } = await codec();

/** Far from the seconds that unbounded work takes. */
const SHORT_MS = 500;

/** Decodes, and says how much of the processor that took: others may be busy on this machine. */
function timed(bytes: Uint8Array): number {
  const start = process.threadCpuUsage();
  try {
    decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: "dns.malformed" });
  }
  return process.threadCpuUsage(start).user / 1000;
}

const pointer = (offset: number) => shorts(0xc000 + offset);
/** A record of TYPE65280 that holds these octets, from offset 23 on. */
const holding = (octets: Buffer) => record(".", "TYPE65280", octets);
const firstData = 12 + 11;

/** Reads a name at the end of so many pointers. */
function chain(length: number) {
  const links = Array.from({ length: length - 1 }, (_, index) =>
    pointer(firstData + (index === 0 ? 0 : 3 + (index - 1) * 2)),
  );
  const last = firstData + 3 + (length - 2) * 2;
  return decode(
    message({
      answers: [
        holding(Buffer.concat([hex("016100"), ...links])),
        record("x", "CNAME", pointer(last)),
      ],
    }),
  );
}

describe("names", () => {
  test.each([
    ["itself", pointer(12)],
    ["what follows", pointer(20)],
    ["beyond the end", pointer(0x3fff)],
  ])("an owner that points to %s ends the reading", (_, owner) => {
    const read = decode(
      message({ answers: [record(owner, "A", "c0000201"), record("b", "A", "c0000202")] }),
    );
    expect(read.answers).toEqual([]);
    expect(read.defects).toEqual([
      "answers[0] at offset 12: a compression pointer does not point back",
    ]);
  });

  test("two pointers at each other are left", () => {
    const loop = Buffer.concat([pointer(firstData + 2), pointer(firstData)]);
    const read = decode(
      message({ answers: [holding(loop), record("a", "CNAME", pointer(firstData + 2))] }),
    );
    expect(read.defects).toEqual(["CNAME record of a.: a compression pointer does not point back"]);
  });

  test("labels that run forward into their own pointer are left", () => {
    const read = decode(message({ answers: [record("a", "CNAME", hex("0162 c019"))] }));
    expect(read.defects).toEqual(["CNAME record of a.: a compression pointer does not point back"]);
  });

  test("127 pointers are followed, 128 are not", () => {
    expect(chain(127)).toMatchObject({ answers: [{}, { data: "a." }], defects: [] });
    expect(chain(128).defects).toEqual(["CNAME record of x.: a name has too many pointers"]);
  });

  test("255 octets are a name, 256 are not, also when a pointer joins them", () => {
    const long = hex(`${`3f${"61".repeat(63)}`.repeat(3)}3d${"61".repeat(61)}00`);
    const at = firstData;
    const read = (octets: Buffer) =>
      decode(message({ answers: [holding(long), record("x", "CNAME", octets)] }));
    expect(read(pointer(at)).answers[1]?.data).toHaveLength(254);
    expect(read(Buffer.concat([hex("0162"), pointer(at + 64)]))).toMatchObject({ defects: [] });
    expect(read(Buffer.concat([hex("0162"), pointer(at)])).defects).toEqual([
      "CNAME record of x.: a name has more than 255 octets",
    ]);
  });
});

describe("counts and lengths", () => {
  test.each([0, 1, 11])("%i octets are no message", (length) => {
    expect(() => decode(Buffer.alloc(length))).toThrow(Failure);
  });

  test("65,536 octets are no message", () => {
    expect(() => decode(Buffer.alloc(65536))).toThrow(Failure);
  });

  test("records that are promised and not sent are a defect; those that came are kept", () => {
    const bytes = message({
      answers: [record("a", "A", "c0000201")],
      counts: [0, 65535, 65535, 65535],
    });
    const read = decode(bytes);
    expect(read.answers).toHaveLength(1);
    expect(read.defects).toEqual(["answers[1] at offset 29: a name runs past the end"]);
  });

  test("a record cut in the middle is a defect", () => {
    const bytes = message({
      answers: [record("a", "A", "c0000201"), record("b", "A", "c0000202")],
    });
    for (let cut = 1; cut < 17; cut += 1) {
      const read = decode(bytes.subarray(0, -cut));
      expect(read.answers).toHaveLength(1);
      expect(read.defects).toHaveLength(1);
    }
  });

  test("of many defects the first are told and the others counted", () => {
    const answers = Array.from({ length: 100 }, () => record("a", "A", "c0"));
    const read = decode(message({ answers }));
    expect(read.answers).toHaveLength(100);
    expect(read.defects).toHaveLength(21);
    expect(read.defects.at(-1)).toBe("and 80 more");
  });
});

/** As many NS records as fit behind 16 KiB that pointers can reach, all of them naming the top of what is there. */
function bomb(reachable: Buffer, top: number): Buffer {
  const head = record(".", "TYPE65280", reachable);
  const one = record(".", "NS", pointer(top));
  const count = Math.floor((65535 - 12 - head.length) / one.length);
  return message({ answers: [head, ...Array.from({ length: count }, () => one)] });
}

describe("work is bounded", () => {
  test("a chain of 8,000 pointers behind 3,500 records", () => {
    const links = Array.from({ length: 8000 }, (_, index) =>
      pointer(firstData + Math.max(0, index * 2 - 3)),
    );
    const bytes = bomb(Buffer.concat([hex("00"), ...links.slice(1)]), firstData + 1 + 7998 * 2);
    expect(bytes.length).toBeGreaterThan(65000);
    expect(() => decode(bytes)).toThrow("unfolds beyond measure");
    expect(timed(bytes)).toBeLessThan(SHORT_MS);
  });

  test("3,500 different names of 127 pointers each", () => {
    const links = Array.from({ length: 126 }, (_, index) =>
      pointer(firstData + Math.max(0, index * 2 - 3)),
    );
    const head = record(".", "TYPE65280", Buffer.concat([hex("00"), ...links.slice(1)]));
    const owner = Buffer.concat([hex("0161"), pointer(firstData + 1 + 124 * 2)]);
    const many = Array.from({ length: 4000 }, () => record(owner, "A", ""));
    const bytes = message({ answers: [head, ...many] }).subarray(0, 65535);
    expect(() => decode(bytes)).toThrow(Failure);
    expect(timed(bytes)).toBeLessThan(SHORT_MS);
  });

  test("3,500 names of 255 unprintable octets each", () => {
    const long = hex(`${`3f${"00".repeat(63)}`.repeat(3)}3b${"00".repeat(59)}00`);
    const head = record(".", "TYPE65280", long);
    const owner = Buffer.concat([hex("01ff"), pointer(firstData)]);
    const many = Array.from({ length: 4400 }, () => record(owner, "A", ""));
    const bytes = message({ answers: [head, ...many] }).subarray(0, 65535);
    expect(() => decode(bytes)).toThrow(Failure);
    expect(timed(bytes)).toBeLessThan(SHORT_MS);
  });

  test("4,000 honest answers are read whole", () => {
    const name = hex("c00c");
    const answers = Array.from({ length: 4000 }, (_, index) =>
      record(name, "A", shorts(0x0a00, index)),
    );
    const read = decode(
      message({
        questions: [question("a-long-name.with-many-records.example.test", "A")],
        answers,
      }),
    );
    expect(read.answers).toHaveLength(4000);
    expect(read.defects).toEqual([]);
  });

  test("6,000 broken records", () => {
    const answers = Array.from({ length: 5400 }, () => record(".", "A", "00"));
    expect(timed(message({ answers }))).toBeLessThan(SHORT_MS);
  });

  test("bitmaps with all their bits set", () => {
    const windows = Array.from({ length: 256 }, (_, window) => [
      window,
      32,
      ...Buffer.alloc(32, 255),
    ]);
    const types = record(".", "NSEC", Buffer.from([0, ...windows.flat()]));
    expect(() => decode(message({ answers: [types] }))).toThrow("unfolds beyond measure");
    expect(timed(message({ answers: Array.from({ length: 7 }, () => types) }))).toBeLessThan(
      SHORT_MS,
    );
  });

  test("64 KiB of options, of strings and of types", () => {
    const options = Array.from({ length: 16000 }, () => option(15, ""));
    expect(timed(message({ additional: [opt(options)] }))).toBeLessThan(SHORT_MS);
    expect(timed(message({ answers: [record(".", "TXT", Buffer.alloc(65000))] }))).toBeLessThan(
      SHORT_MS,
    );
    expect(
      timed(message({ answers: [record(".", "NSEC", Buffer.alloc(65000, "0020"))] })),
    ).toBeLessThan(SHORT_MS);
    expect(
      timed(message({ answers: [record(".", "NSEC3", Buffer.alloc(65000, 255))] })),
    ).toBeLessThan(SHORT_MS);
  });
});

/** The only ways to end: a message, or the one failure. All text of it is ASCII but that of extended errors. */
function sound(bytes: Uint8Array): void {
  let read;
  try {
    read = decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return;
  }
  for (const one of [...read.answers, ...read.authority, ...read.additional]) {
    expect(`${one.name} ${one.type} ${one.class} ${one.data}`).toMatch(/^[ -~]*$/);
    expect(one.ttl).toBeLessThanOrEqual(0x7fffffff);
  }
  expect(read.defects.join()).toMatch(/^[ -~]*$/);
}

describe("whatever the octets", () => {
  const seeds = fc.constantFrom(...captured);
  const octets = fc.uint8Array({ maxLength: 1500 });

  test("captured messages are read without a defect", () => {
    for (const bytes of captured) expect(decode(bytes).defects).toEqual([]);
  });

  test("by chance", () => {
    fc.assert(fc.property(octets, sound), { numRuns: 2000 });
  });

  test("by chance, behind a header that promises records", () => {
    const headed = octets.map((rest) =>
      Buffer.concat([hex("0007 8400 0000 0009 0000 0000"), rest]),
    );
    fc.assert(fc.property(headed, sound), { numRuns: 2000 });
  });

  test("with some octets of a real message changed, and its end cut or lengthened", () => {
    const change = fc.tuple(fc.nat(0xffff), fc.nat(255));
    fc.assert(
      fc.property(
        seeds,
        fc.array(change, { maxLength: 8 }),
        fc.integer({ min: -40, max: 10 }),
        (seed, changes, end) => {
          const bytes = Buffer.alloc(Math.max(0, seed.length + end));
          seed.copy(bytes);
          for (const [at, value] of changes) bytes[at % Math.max(1, bytes.length)] = value;
          sound(bytes);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test("with any data in a record of any known type", () => {
    const known = fc.constantFrom(
      "A",
      "AAAA",
      "CAA",
      "DS",
      "HTTPS",
      "MX",
      "NAPTR",
      "NSEC",
      "NSEC3",
      "RRSIG",
      "SOA",
      "SRV",
      "TXT",
    );
    fc.assert(
      fc.property(known, fc.uint8Array({ maxLength: 80 }), (type, data) => {
        sound(message({ answers: [record("x", type, Buffer.from(data))] }));
      }),
      { numRuns: 3000 },
    );
  });
});
