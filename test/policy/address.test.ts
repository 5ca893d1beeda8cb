import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalHost, formatAddress, parseAddress } from "../../lib/policy/address.ts";

const canonical = (text: string) => {
  const address = parseAddress(text);
  return address && formatAddress(address);
};

/** In one word: the literal, the name (with a dot when absolute), or nothing when it is refused. */
const host = (text: string) => {
  const read = canonicalHost(text);
  if (read.kind === "address") return formatAddress(read.address);
  return read.kind === "name" ? `${read.name}${read.absolute ? "." : ""}` : undefined;
};

test.each([
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
  ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ["1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"],
  ["::ffff:10.0.0.4", "10.0.0.4"],
  ["::FFFF:a00:4", "10.0.0.4"],
  ["0:0:0:0:0:ffff:0a00:0004", "10.0.0.4"],
  ["::ffff:0:a00:4", "::ffff:0:a00:4"],
])("%s is written %s (RFC 5952)", (text, written) => {
  expect(canonical(text)).toBe(written);
});

test.each([
  "",
  ".",
  "1",
  "1.2.3",
  "1.2.3.4.",
  "1.2.3.4.5",
  "01.2.3.4",
  "1.2.3.256",
  "0x7f.0.0.1",
  "1.2.3.4 ",
  "1.2.3.4\n",
  "+1.2.3.4",
  "1.2.3.-4",
  "1..2.3",
  "１.2.3.4",
  "2130706433",
  ":",
  ":::",
  "1:::2",
  "::1::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  ":1",
  "1:",
  "1:2:3:4:5:6:7:8::",
  "1::2:3:4:5:6:7:8",
  "12345::",
  "g::",
  "::1%lo",
  "fe80::1%eth0",
  "[::1]",
  "1.2.3.4::",
  "::1.2.3.4:5",
  "1.2.3.4:5:6:7:8:9:a",
  "::1.2.3",
  "::1.2.3.256",
  "1:2:3:4:5:6:7:1.2.3.4",
])("%j is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test("every address is read from what it is written as", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (value) => {
      const text = formatAddress({ family: 6, value });
      const expected = value >> 32n === 0xffffn ? 4 : 6;
      expect(parseAddress(text)).toStrictEqual({
        family: expected,
        value: expected === 4 ? value & 0xffffffffn : value,
      });
    }),
  );
});

test("IPv6 is read and written as URL does it", () => {
  const group = fc.oneof(
    fc.constant("0"),
    fc.constant("0000"),
    fc.stringMatching(/^[0-9a-fA-F]{1,4}$/),
  );
  const ipv6 = fc.oneof(
    fc.ipV6(),
    fc.array(group, { minLength: 8, maxLength: 8 }).map((all) => all.join(":")),
  );
  fc.assert(
    fc.property(fc.oneof(ipv6, fc.stringMatching(/^[0-9a-f:.]{1,24}$/)), (text) => {
      fc.pre(text.includes(":"));
      const theirs = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
      const address = parseAddress(text);
      const ours = address && formatAddress(address);
      // URL keeps IPv4-mapped addresses; to us they are IPv4.
      expect(
        address?.family === 4 ? URL.parse(`http://[::ffff:${ours}]/`)?.hostname.slice(1, -1) : ours,
      ).toBe(theirs);
    }),
    { numRuns: 2000 },
  );
});

describe("a host as it may be typed", () => {
  test.each([
    "127.1",
    "0x7f000001",
    "0x7F.1",
    "2130706433",
    "0177.0.0.1",
    "017700000001",
    "0x7f.0.1",
    "127.0.0.1.",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "１２７．０．０．１",
    "%31%32%37.0.0.1",
    "::ffff:127.0.0.1",
    "[::ffff:7f00:1]",
    "0:0:0:0:0:ffff:7f00:1",
    "127.0x0.0.01",
  ])("%s is 127.0.0.1", (text) => {
    expect(host(text)).toBe("127.0.0.1");
  });

  test.each([
    ["0xa9fea9fe", "169.254.169.254"],
    ["2852039166", "169.254.169.254"],
    ["0251.0376.0251.0376", "169.254.169.254"],
    ["0xa83f8110", "168.63.129.16"],
    ["168.63.129.16.", "168.63.129.16"],
    ["0", "0.0.0.0"],
    ["0x", "0.0.0.0"],
    ["[::1]", "::1"],
    ["::1", "::1"],
    ["[FD00:0::35]", "fd00::35"],
    ["64:ff9b::8.8.8.8", "64:ff9b::808:808"],
    ["Example.COM", "example.com"],
    ["example.com.", "example.com."],
    ["bücher.example", "xn--bcher-kva.example"],
    ["BÜCHER.example。", "xn--bcher-kva.example."],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["ex%61mple.com", "example.com"],
    ["_sip._tcp.example.com", "_sip._tcp.example.com"],
    ["localhost", "localhost"],
    ["a.b-c.d3", "a.b-c.d3"],
    ["0x7f.example", "0x7f.example"],
    [`${"a".repeat(63)}.example`, `${"a".repeat(63)}.example`],
    [`${"a.".repeat(126)}a`, `${"a.".repeat(126)}a`],
    [`${"a.".repeat(126)}a.`, `${"a.".repeat(126)}a.`],
  ])("%s is %s", (text, read) => {
    expect(host(text)).toBe(read);
  });

  test.each([
    ["", "empty"],
    [".", "empty label"],
    ["..", "empty label"],
    ["a..b", "empty label"],
    [".example", "empty label"],
    ["example.com..", "empty label"],
    [" example.com", "spaces"],
    ["exa mple.com", "spaces"],
    ["example.com\n", "control"],
    ["exam\tple.com", "control"],
    ["example\u0000.com", "control"],
    ["example\u0085.com", "control"],
    ["user@example.com", "holds no @"],
    ["example.com/path", "holds no /"],
    ["example.com\\path", "holds no \\"],
    ["example.com?q", "holds no ?"],
    ["example.com#f", "holds no #"],
    ["example.com:443", "holds no :"],
    ["127.0.0.1:80", "holds no :"],
    ["::1%lo", "zone"],
    ["[fe80::1%25eth0]", "zone"],
    ["[fe80::1%eth0]", "zone"],
    ["1::2::3", "not an IPv6 address"],
    ["[::1", "not an IPv6 address"],
    ["[::1]x", "not an IPv6 address"],
    ["[127.0.0.1]", "not an IPv6 address"],
    ["[example.com]", "not an IPv6 address"],
    ["::1]", "not an IPv6 address"],
    ["4294967296", "neither"],
    ["1.2.3.4.5", "neither"],
    ["1.2.3.256", "neither"],
    ["08.0.0.1", "neither"],
    ["example.123", "neither"],
    ["example.0x1f", "neither"],
    ["a%00b", "neither"],
    ["a%2fb", "neither"],
    ["a%40b", "neither"],
    ["a%20b", "neither"],
    ["a%ffb", "neither"],
    ["a%b", "neither"],
    ["a<b", "neither"],
    ["a／b", "neither"],
    ["a＠b", "neither"],
    ["a*b.example", "letters"],
    ["a!b.example", "letters"],
    ["a$(b).example", "letters"],
    ["'a'.example", "letters"],
    [`${"a".repeat(64)}.example`, "63"],
    [`${"a.".repeat(126)}ab`, "253"],
    ["a".repeat(2000), "longer"],
  ])("%j is refused: %s", (text, why) => {
    expect(canonicalHost(text)).toStrictEqual({ kind: "wrong", why: expect.stringContaining(why) });
  });

  test("numbers in every base and form become what URL makes of them", () => {
    const number = fc.oneof(
      fc.nat(0xffffffff).map(String),
      fc.nat(0xffffffff).map((n) => `0x${n.toString(16)}`),
      fc.nat(0xffffffff).map((n) => `0${n.toString(8)}`),
      fc.nat(255).map(String),
      fc.nat(300).map((n) => `0X${n.toString(16)}`),
      fc.constantFrom("08", "0x", "", "00", "256", "4294967296"),
    );
    const dotted = fc.array(number, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("."));
    fc.assert(
      fc.property(dotted, fc.constantFrom("", "."), (text, dot) => {
        const theirs = URL.parse(`http://${text}${dot}/`)?.hostname ?? "";
        // What stays a name to URL, as in "0x..", is none to us.
        expect(host(text + dot)).toBe(canonical(theirs));
      }),
      { numRuns: 2000 },
    );
  });

  test("what it reads, it reads again as the same; nothing numeric is left to a resolver", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.domain(),
      fc.ipV4Extended(),
      fc.ipV6(),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const read = host(typed);
        if (read === undefined) return;
        expect(host(read)).toBe(read);
        expect(URL.parse(`http://${read.includes(":") ? `[${read}]` : read}/`)?.hostname).toBe(
          read.includes(":") ? `[${read}]` : read,
        );
        if (parseAddress(read) === undefined) {
          expect(read).toMatch(/^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
