import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  absoluteName,
  labelText,
  nameFault,
  nameOctets,
  reverseName,
} from "../../../lib/protocols/dns/name.ts";

const label = "a".repeat(63);

describe("a name as text", () => {
  test.each([
    [".", "00"],
    ["a", "016100"],
    ["a.", "016100"],
    ["A.b", "0141016200"],
    ["_x._tcp", "025f78045f74637000"],
    ["a\\.b", "03612e6200"],
    ["\\000\\255", "0200ff00"],
    ["a\\\\.", "02615c00"],
    ["*", "012a00"],
    [label, `3f${"61".repeat(63)}00`],
  ])("%s has the octets %s", (text, octets) => {
    expect(nameFault(text)).toBeUndefined();
    expect(Buffer.from(nameOctets(text)).toString("hex")).toBe(octets);
  });

  test.each([
    ["", "it is empty"],
    ["..", "it has an empty label"],
    [".a", "it has an empty label"],
    ["a..b", "it has an empty label"],
    [`${label}a`, "a label has more than 63 octets"],
    [`${label}.${label}.${label}.${label}`, "it has more than 255 octets"],
    [`${label}.${label}.${label}.${"a".repeat(62)}`, "it has more than 255 octets"],
    ["bücher.example", "it holds something else than printable ASCII"],
    ["日本", "it holds something else than printable ASCII"],
    ["a b", "it holds something else than printable ASCII"],
    ["a\n", "it holds something else than printable ASCII"],
    ["a\\é", "it holds something else than printable ASCII"],
    ["a\\", "it has a broken escape"],
    ["a\\1", "it has a broken escape"],
    ["a\\25x", "it has a broken escape"],
    ["a\\256", "it has a broken escape"],
  ])("%s is none: %s", (text, fault) => {
    expect(nameFault(text)).toBe(fault);
    expect(() => nameOctets(text)).toThrow(TypeError);
  });

  test("the longest name has 255 octets", () => {
    expect(nameOctets(`${label}.${label}.${label}.${"a".repeat(61)}`)).toHaveLength(255);
  });

  test("printing and reading a label gives the same octets, whatever they are", () => {
    const octets = fc.uint8Array({ minLength: 1, maxLength: 63 });
    fc.assert(
      fc.property(octets, (bytes) => {
        const text = labelText(Buffer.from(bytes).toString("latin1"));
        expect(text).toMatch(/^[!-~]+$/);
        expect([...nameOctets(text)]).toEqual([bytes.length, ...bytes, 0]);
      }),
    );
  });

  test("a name takes its one true form", () => {
    expect(absoluteName("\\065\\.b.C")).toBe("A\\.b.C.");
    expect(absoluteName(".")).toBe(".");
  });
});

describe("the reverse name", () => {
  test.each([
    ["192.0.2.1", "1.2.0.192.in-addr.arpa."],
    ["0.0.0.0", "0.0.0.0.in-addr.arpa."],
    ["::1", `1.${"0.".repeat(31)}ip6.arpa.`],
    ["2001:DB8::ab:1", "1.0.0.0.b.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."],
    ["::ffff:192.0.2.1", `1.0.2.0.0.0.0.c.f.f.f.f.${"0.".repeat(20)}ip6.arpa.`],
    ["::", `${"0.".repeat(32)}ip6.arpa.`],
    [
      "1:2:3:4:5:6:7:8",
      "8.0.0.0.7.0.0.0.6.0.0.0.5.0.0.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.ip6.arpa.",
    ],
  ])("of %s is %s", (address, name) => {
    expect(reverseName(address)).toBe(name);
  });

  test.each([
    "",
    "192.0.2",
    "192.0.2.1.",
    "192.0.2.256",
    "192.0.2.01",
    "0x7f.0.0.1",
    "::1%1",
    "[::1]",
    "g::",
    "1.2.3.4/8",
    "a.b.c.d",
  ])("of %s is none", (text) => {
    expect(reverseName(text)).toBeUndefined();
  });
});
