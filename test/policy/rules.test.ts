import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress } from "../../lib/policy/address.ts";
import { bitsOf, prefixOf } from "../../lib/policy/prefix.ts";
import {
  classNames,
  kinds,
  parseRules,
  printRules,
  type Rule,
  type RuleTarget,
  type Span,
} from "../../lib/policy/rules.ts";

const printed = (text: string) => {
  const rules = parseRules(text);
  return "message" in rules ? rules : printRules(rules);
};

describe("what may be written, and how it is written back", () => {
  test.each([
    ["", ""],
    [" \t\r\n;; ", ""],
    ["# only a comment", ""],
    ["*", "*"],
    ["!*", "!*"],
    ["@private @public @loopback", "@private @public @loopback"],
    ["@private;@public\n@loopback", "@private @public @loopback"],
    ["@private # mine ; not @public\n10.0.0.4", "@private 10.0.0.4"],
    ["@private#@public", "@private"],
    ["10.0.0.4", "10.0.0.4"],
    ["10.0.0.4/32", "10.0.0.4"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["10.0.0.4:443", "10.0.0.4:443"],
    ["10.0.0.0/8:443,80", "10.0.0.0/8:80,443"],
    ["[::1]", "[::1]"],
    ["[FD00:0::35]:53", "[fd00::35]:53"],
    ["[fd00::/8]", "[fd00::/8]"],
    ["[fd00:10::53/128]:53", "[fd00:10::53]:53"],
    ["[::/0]", "[::/0]"],
    ["[64:ff9b::8.8.8.8]", "[64:ff9b::808:808]"],
    ["db.contoso.internal", "db.contoso.internal"],
    ["DB.Contoso.Internal:1433", "db.contoso.internal:1433"],
    ["*.contoso.internal:1-65535", "*.contoso.internal"],
    ["_sip._tcp.example", "_sip._tcp.example"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["db", "db"],
    ["1e100.example", "1e100.example"],
    ["sql=db:1433", "sql=db:1433"],
    ["http|tls=@public:443", "tls|http=@public:443"],
    ["tcp|tcp=db", "tcp=db"],
    ["!sql=*", "!sql=*"],
    ["!dns|stun=[::/0]:53", "!dns|stun=[::/0]:53"],
    ["*:443", "*:443"],
    ["*:00443", "*:443"],
    ["*:5-5", "*:5"],
    ["*:1-10,5-20,21,30", "*:1-21,30"],
    ["*:3,1,2", "*:1-3"],
    ["*:1-100,101-65535", "*"],
    ["db !db db", "db !db db"],
  ])("%j is %j", (text, canonical) => {
    expect(printed(text)).toBe(canonical);
    expect(printed(canonical)).toBe(canonical);
  });
});

describe("what may not be written, and where it goes wrong", () => {
  test.each([
    ["@everyone", 1, 1, "@everyone is no class: use @private, @public, @loopback"],
    ["@Private", 1, 1, "no class"],
    ["@", 1, 1, "no class"],
    ["@private @public @privat", 3, 18, "no class"],
    ["@private\n@public\n  @privat", 3, 3, "no class"],
    ["@private # !\n;; x=@public", 2, 4, '"x" is no kind of probe'],
    ["!", 1, 2, "a target is expected"],
    ["tcp=", 1, 5, "a target is expected"],
    [":443", 1, 1, "a target is expected"],
    ["!tcp=:443", 1, 6, "a target is expected"],
    ["=db", 1, 1, "no kind of probe"],
    ["tcp|=db", 1, 5, "no kind of probe"],
    ["tcp|udp=db", 1, 5, '"udp" is no kind of probe: use dns, tcp'],
    ["!tcp|udp=db", 1, 6, '"udp"'],
    ["TCP=db", 1, 1, '"TCP"'],
    ["tcp=!db", 1, 5, "made of letters"],
    ["tcp=tls=db", 1, 8, "made of letters"],
    ["!!db", 1, 2, "made of letters"],
    ["10.0.0.1/8", 1, 1, "10.0.0.0/8 is meant?"],
    ["[fd00::1/8]", 1, 2, "fd00::/8 is meant?"],
    ["10.0.0.0/33", 1, 10, "prefix length from 0 to 32"],
    ["10.0.0.0/", 1, 10, "prefix length"],
    ["10.0.0.0/08", 1, 10, "prefix length"],
    ["10.0.0.0/-1", 1, 10, "prefix length"],
    ["10.0.0.0/8/8", 1, 10, "prefix length"],
    ["[fd00::/129]", 1, 9, "prefix length from 0 to 128"],
    ["10.0.0", 1, 1, "not an IPv4 address"],
    ["10.0.0.256", 1, 1, "not an IPv4 address"],
    ["010.0.0.1", 1, 1, "not an IPv4 address"],
    ["2130706433", 1, 1, "not an IPv4 address"],
    ["10.0.0.0.", 1, 1, "not an IPv4 address"],
    ["10.0/8", 1, 1, "not an IPv4 address"],
    ["0x7f000001", 1, 1, "not a number"],
    ["0x7f.1", 1, 1, "not a number"],
    ["db.123", 1, 1, "not a number"],
    ["db.0x1f", 1, 1, "not a number"],
    ["[10.0.0.4]", 1, 2, "not an IPv6 address"],
    ["[fe80::1%eth0]", 1, 2, "not an IPv6 address"],
    ["[::ffff:10.0.0.4]", 1, 2, "write it as the IPv4 address it is, 10.0.0.4"],
    ["[::ffff:10.0.0.0/104]", 1, 2, "10.0.0.0"],
    ["[::1", 1, 5, "not closed"],
    ["[::1]x", 1, 6, "only a colon and ports"],
    ["[::1]/128", 1, 6, "only a colon and ports"],
    ["fd00::1", 1, 6, "a port or a range"],
    ["db:", 1, 4, "a port or a range"],
    ["db:443,", 1, 8, "a port or a range"],
    ["db:https", 1, 4, "a port or a range"],
    ["db:443-", 1, 4, "a port or a range"],
    ["db:443:444", 1, 4, "a port or a range"],
    ["db:443,x", 1, 8, "a port or a range"],
    ["db:123456", 1, 4, "a port or a range"],
    ["db:0", 1, 4, "from 1 to 65535"],
    ["db:65536", 1, 4, "from 1 to 65535"],
    ["db:1-65536", 1, 4, "from 1 to 65535"],
    ["db:20-10", 1, 4, "low to high"],
    ["*db", 1, 1, "* stands alone"],
    ["db.*", 1, 4, "* stands alone"],
    ["*.*.db", 1, 3, "* stands alone"],
    ["a*.db", 1, 2, "* stands alone"],
    ["**", 1, 1, "* stands alone"],
    ["*.", 1, 3, "empty labels"],
    ["*.10.0.0.1", 1, 3, "not a number"],
    ["db.", 1, 3, "without the final dot"],
    [".db", 1, 1, "empty labels"],
    ["a..db", 1, 1, "empty labels"],
    ["bücher.example", 1, 2, "made of letters"],
    ["*.bücher.example", 1, 4, "made of letters"],
    ["user@db", 1, 5, "made of letters"],
    ["https://db", 1, 7, "a port or a range"],
    ["db/path", 1, 3, "made of letters"],
    [`${"a".repeat(64)}.db`, 1, 1, "at most 63"],
    [`${"a.".repeat(126)}ab`, 1, 1, "at most 253"],
  ])("%j, rule %i, column %i: %s", (text, rule, column, message) => {
    const problem = { rule, column, message: expect.stringContaining(message) };
    expect(parseRules(text)).toStrictEqual(problem);
  });

  test("256 rules are read and one more is not", () => {
    expect(parseRules("db ".repeat(256))).toHaveLength(256);
    expect(parseRules("db ".repeat(257))).toMatchObject({ rule: 257, column: 769 });
  });

  test("8,192 characters are read and one more is not", () => {
    const most = "db".padEnd(8192);
    expect(parseRules(most)).toHaveLength(1);
    expect(parseRules(`${most} `)).toMatchObject({ message: "more than 8192 characters" });
  });

  test("@loopback is unknown where it does not exist", () => {
    expect(parseRules("@private @loopback", ["private", "public"])).toStrictEqual({
      rule: 2,
      column: 10,
      message: "@loopback exists only under the local host, away from any platform",
    });
  });
});

describe("properties", () => {
  const block = fc.constantFrom(4 as const, 6 as const).chain((family) =>
    fc
      .tuple(fc.bigInt({ min: 0n, max: 2n ** BigInt(bitsOf(family)) - 1n }), fc.nat(bitsOf(family)))
      .map(([value, length]) => prefixOf({ family, value }, length))
      // A block within ::ffff:0:0/96 has no spelling as IPv6: it is IPv4.
      .filter((made) => made.family === 4 || formatAddress(made) === made.address)
      .filter((made) => made.family === 4 || made.value >> 32n !== 0xffffn),
  );
  const label = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,9}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
  const target: fc.Arbitrary<RuleTarget> = fc.oneof(
    fc.constant({ is: "any" as const }),
    fc.constantFrom(...classNames).map((each) => ({ is: "class" as const, name: each })),
    block.map((prefix) => ({ is: "block" as const, prefix })),
    name.map((each) => ({ is: "host" as const, name: each })),
    name.map((each) => ({ is: "below" as const, name: each })),
  );
  /** Gaps and widths in turn, so that spans stay apart. */
  const ports: fc.Arbitrary<readonly Span[]> = fc
    .array(fc.tuple(fc.integer({ min: 2, max: 900 }), fc.nat(900)), { maxLength: 4 })
    .map((steps) => {
      let last = 0;
      return steps.map(([gap, width]) => {
        const from = last + gap;
        last = from + width;
        return { from, to: last };
      });
    });
  const rule: fc.Arbitrary<Rule> = fc
    .tuple(fc.boolean(), fc.subarray([...kinds]), target, ports)
    .map(([deny, named, pointed, spans]) => ({
      deny,
      kinds: named,
      target: pointed,
      ports: spans,
    }));

  test("what is printed reads as what was printed", () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 8 }), (rules) => {
        expect(parseRules(printRules(rules))).toStrictEqual(rules);
      }),
      { numRuns: 1000 },
    );
  });

  test("any text is read or refused at a place within it", () => {
    const piece = fc.constantFrom(
      ...Array.from("!*@[]/:,-|=.#; \n"),
      "tcp",
      "db",
      "10.0.0.0",
      "::1",
      "8",
      "@private",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (written) => {
        const read = parseRules(written);
        if (!("message" in read)) {
          expect(parseRules(printRules(read))).toStrictEqual(read);
          return;
        }
        expect(read.rule).toBeGreaterThan(0);
        expect(read.column).toBeGreaterThan(0);
        const longest = Math.max(...written.split("\n").map((line) => line.length));
        expect(read.column).toBeLessThanOrEqual(longest + 1);
      }),
      { numRuns: 3000 },
    );
  });
});
