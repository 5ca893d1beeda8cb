import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codec } from "../../../lib/protocols/dns/codec.ts";
import type { Query } from "../../../lib/protocols/dns/message.ts";
import { absoluteName, labelText } from "../../../lib/protocols/dns/name.ts";
import { className, typeName } from "../../../lib/protocols/dns/types.ts";
import { hex, message, opt, option, question, record } from "./build.ts";

const { encodeQuery, decode } = await codec();
const plain: Query = { id: 0x1234, name: "a.test", type: "A", recursionDesired: true, edns: "off" };
const edns = { udpSize: 1232, dnssecOk: false };
const body = "0001 0000 0000 0000 0161 0474657374 00 0001 0001";
const withOpt = "0001 0000 0000 0001 0161 0474657374 00 0001 0001";

describe("a query has the octets of RFC 1035 and RFC 6891", () => {
  test.each<[string, Partial<Query>, string]>([
    ["plain", {}, `1234 0100 ${body}`],
    ["no recursion", { recursionDesired: false }, `1234 0000 ${body}`],
    ["checking disabled", { checkingDisabled: true }, `1234 0110 ${body}`],
    ["the root", { name: ".", type: "NS" }, "1234 0100 0001 0000 0000 0000 00 0002 0001"],
    ["Chaosnet", { class: "CH" }, `1234 0100 ${body.slice(0, -4)}0003`],
    ["EDNS", { edns }, `1234 0100 ${withOpt} 00 0029 04d0 00000000 0000`],
    [
      "DNSSEC OK",
      { edns: { udpSize: 4096, dnssecOk: true } },
      `1234 0100 ${withOpt} 00 0029 1000 00008000 0000`,
    ],
    [
      "NSID",
      { edns: { ...edns, nsid: true } },
      `1234 0100 ${withOpt} 00 0029 04d0 00000000 0004 0003 0000`,
    ],
    [
      "a cookie",
      { edns: { ...edns, cookie: hex("0102030405060708") } },
      `1234 0100 ${withOpt} 00 0029 04d0 00000000 000c 000a 0008 0102030405060708`,
    ],
    [
      "padding",
      { edns: { ...edns, padTo: 50 } },
      `1234 0100 ${withOpt} 00 0029 04d0 00000000 000f 000c 000b ${"00".repeat(11)}`,
    ],
    ["an escaped dot", { name: "a\\.b" }, "1234 0100 0001 0000 0000 0000 03612e62 00 0001 0001"],
  ])("%s", (_, more, octets) => {
    const query = encodeQuery({ ...plain, ...more });
    expect(Buffer.from(query).toString("hex")).toBe(octets.replaceAll(" ", ""));
  });

  test.each([{ name: "a..b" }, { name: "日本" }, { type: "NONSENSE" }, { class: "XX" }])(
    "%o is refused, not sent as something else",
    (more) => {
      expect(() => encodeQuery({ ...plain, ...more })).toThrow(TypeError);
    },
  );

  test("padding fills to the block, whatever else the query holds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 63 }), fc.boolean(), (length, nsid) => {
        const name = "a".repeat(length);
        const query = encodeQuery({ ...plain, name, edns: { ...edns, nsid, padTo: 128 } });
        expect(query.length % 128).toBe(0);
        expect(decode(query).defects).toEqual([]);
      }),
    );
  });

  test("what is encoded is what is decoded", () => {
    const label = fc
      .uint8Array({ minLength: 1, maxLength: 30 })
      .map((octets) => labelText(Buffer.from(octets).toString("latin1")));
    const name = fc
      .array(label, { maxLength: 8 })
      .map((labels) => absoluteName(labels.join(".") || "."));
    const sixteen = fc.nat(0xffff);
    fc.assert(
      fc.property(
        name,
        sixteen,
        sixteen,
        sixteen,
        fc.boolean(),
        fc.boolean(),
        (text, id, type, kind, rd, cd) => {
          const query = {
            id,
            name: text,
            type: typeName(type),
            class: className(kind),
            recursionDesired: rd,
          };
          const read = decode(
            encodeQuery({ ...query, checkingDisabled: cd, edns: { ...edns, dnssecOk: cd } }),
          );
          expect(read.defects).toEqual([]);
          expect(read.question).toEqual([{ name: text, type: query.type, class: query.class }]);
          expect(read).toMatchObject({
            id,
            opcode: 0,
            flags: { qr: false, rd, cd },
            edns: { udpSize: 1232, dnssecOk: cd },
          });
        },
      ),
    );
  });
});

describe("a message", () => {
  test("all flags, the code and the opcode are read", () => {
    const all = decode(message({ id: 0xffff, flags: (0xffbf & ~0x7800) | 0x2800 }));
    expect(all).toMatchObject({ id: 0xffff, opcode: 5, rcode: "RCODE15", rcodeNumber: 15 });
    expect(Object.values(all.flags)).toEqual(Array.from({ length: 7 }, () => true));
    for (const [index, name] of ["qr", "aa", "tc", "rd", "ra", "ad", "cd"].entries()) {
      const bit = [15, 10, 9, 8, 7, 5, 4][index] ?? 0;
      const one = decode(message({ flags: 1 << bit }));
      expect(Object.entries(one.flags).filter(([, on]) => on)).toEqual([[name, true]]);
    }
  });

  test("the sections are kept apart, and names are read through their pointers", () => {
    const read = decode(
      message({
        questions: [question("www.a.test", "MX")],
        answers: [record(hex("c00c"), "MX", hex("000a 026d78 c010"))],
        authority: [record(hex("c010"), "NS", hex("026e73 c010"))],
        additional: [record(hex("026d78 c010"), "A", "c0000201"), opt([])],
      }),
    );
    expect(read).toMatchObject({
      question: [{ name: "www.a.test.", type: "MX", class: "IN" }],
      answers: [{ name: "www.a.test.", type: "MX", data: "10 mx.a.test." }],
      authority: [{ name: "a.test.", type: "NS", data: "ns.a.test." }],
      additional: [{ name: "mx.a.test.", type: "A", data: "192.0.2.1" }],
      defects: [],
    });
    expect(read.additional).toHaveLength(1);
  });

  test("an array view is read from where it begins", () => {
    const bytes = message({ answers: [record("a", "A", "c0000201")] });
    const wide = new Uint8Array(bytes.length + 20);
    wide.set(bytes, 13);
    expect(decode(wide.subarray(13, 13 + bytes.length)).answers[0]?.data).toBe("192.0.2.1");
  });
});

const read = (...options: Buffer[]) => decode(message({ additional: [opt(options)] }));

describe("OPT", () => {
  test("is absent when it is absent", () => {
    expect(decode(message({}))).not.toHaveProperty("edns");
  });

  test.each([
    [0x00000000, 0, "NOERROR"],
    [0x01000000, 16, "BADVERS"],
    [0x01000000, 23, "BADCOOKIE", 7],
    [0x80000000, 2048, "RCODE2048"],
    [0xff000000, 4095, "RCODE4095", 15],
  ])("carries the upper bits of the code: %i gives %i", (ttl, rcodeNumber, rcode, low = 0) => {
    const bytes = message({ flags: 0x8000 | low, additional: [opt([], { ttl })] });
    expect(decode(bytes)).toMatchObject({
      rcode,
      rcodeNumber,
      edns: { version: 0, dnssecOk: false },
    });
  });

  test("version, DO and size", () => {
    const bytes = message({ additional: [opt([], { size: 4096, ttl: 0x00ff8000 })] });
    expect(decode(bytes).edns).toEqual({
      udpSize: 4096,
      version: 255,
      dnssecOk: true,
      options: [],
      ede: [],
    });
  });

  test("extended errors, in order, several of one code", () => {
    const { edns: told, defects } = read(
      option(15, "0006 626164"),
      option(15, "0016"),
      option(15, "270f c3a900"),
    );
    expect(defects).toEqual([]);
    expect(told?.ede).toEqual([
      { code: 6, name: "DNSSEC Bogus", text: "bad" },
      { code: 22, name: "No Reachable Authority", text: "" },
      { code: 9999, name: "Unassigned", text: "é" },
    ]);
  });

  test("server name, cookie, client subnet, and all others as octets", () => {
    const { edns: told, defects } = read(
      option(3, "6e7331"),
      option(10, "0102030405060708 1112131415161718"),
      option(8, "0001 18 10 c00002"),
      option(11, "0064"),
      option(65001, ""),
    );
    expect(defects).toEqual([]);
    expect(told).toMatchObject({
      nsid: { hex: "6e7331", text: "ns1" },
      cookie: { client: "0102030405060708", server: "1112131415161718" },
      subnet: { address: "192.0.2.0", source: 24, scope: 16 },
    });
    expect(told?.options.map(({ code, hex: octets }) => `${code} ${octets}`)).toEqual([
      "3 6e7331",
      "10 01020304050607081112131415161718",
      "8 00011810c00002",
      "11 0064",
      "65001 ",
    ]);
  });

  test("a server name that is not text, and a subnet of IPv6", () => {
    const { edns: told } = read(option(3, "00ff"), option(8, "0002 38 00 20010db8000100"));
    expect(told?.nsid).toEqual({ hex: "00ff" });
    expect(told?.subnet).toEqual({ address: "2001:db8:1::", source: 56, scope: 0 });
  });

  test.each([
    [
      "an extended error without a code",
      option(15, "06"),
      "OPT record: EDNS option 15: a field runs past the end",
    ],
    [
      "a subnet of no known family",
      option(8, "0003 00 00"),
      "OPT record: EDNS option 8: no client subnet of IPv4 or IPv6",
    ],
    [
      "a subnet that is too long",
      option(8, "0001 20 00 c000020101"),
      "OPT record: EDNS option 8: no client subnet of IPv4 or IPv6",
    ],
    [
      "an option that runs past the end",
      hex("000f 0009 0000"),
      "OPT record: a field runs past the end",
    ],
  ])("%s is a defect, and what came before it is kept", (_, broken, defect) => {
    const { edns: told, defects } = read(option(3, "6e7331"), broken);
    expect(defects).toEqual([defect]);
    expect(told?.nsid?.text).toBe("ns1");
  });

  test("a second OPT is a defect, and the first one counts", () => {
    const bytes = message({ additional: [opt([], { size: 1111 }), opt([], { size: 2222 })] });
    expect(decode(bytes)).toMatchObject({
      edns: { udpSize: 1111 },
      defects: ["more than one OPT record: the first one counts"],
    });
  });
});
