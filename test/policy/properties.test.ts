/** What holds for every policy and every address, not only for those somebody thought of. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress } from "../../lib/policy/address.ts";
import { classify, productionFloor } from "../../lib/policy/classes.ts";
import { makePolicy, type PolicySettings } from "../../lib/policy/policy.ts";
import { bitsOf } from "../../lib/policy/prefix.ts";
import { kinds } from "../../lib/policy/rules.ts";
import { ask, at, settings, verdict } from "./settings.ts";

const inBlock = (base: bigint, family: 4 | 6, length: number) =>
  fc
    .bigInt({ min: 0n, max: (1n << BigInt(bitsOf(family) - length)) - 1n })
    .map((rest) => formatAddress({ family, value: base | rest }));

const blockOf = (text: string) => {
  const [base = "", length] = text.split("/");
  return inBlock(at(base).value, at(base).family, Number(length));
};

/** IPv4 from everywhere, and often from the few blocks the rules below speak of. */
const ipv4 = fc.oneof(
  fc.ipV4(),
  ...["10.0.0.0/29", "100.64.0.0/29", "100.100.100.200/32", "127.0.0.0/8", "8.8.8.0/29"].map(
    blockOf,
  ),
);
const address = fc.oneof(
  ipv4,
  blockOf("fd00::/126"),
  blockOf("2001:db8::/126"),
  blockOf("2a00::/12"),
);

const target = fc.constantFrom(
  "*",
  "@private",
  "@public",
  "db.example",
  "*.example",
  "[fd00::/8]",
  "[::/0]",
  "[2001:db8::1]",
  "0.0.0.0/0",
  "8.0.0.0/7",
  "10.0.0.0/8",
  "10.0.0.1",
  "100.64.0.0/10",
  "127.0.0.1",
  "8.8.8.8",
  "[64:ff9b::/96]",
  "[64:ff9b::808:808]",
  "169.254.0.0/16",
  "[2002::/16]",
  "[fd00::1]",
);
const about = fc.constantFrom("", "", "tcp=", "tls|http=", "dns=");
const ports = fc.constantFrom("", "", ":443", ":53,443", ":1-442");
const spoken = fc.tuple(about, target, ports).map((parts) => parts.join(""));
const denial = spoken.map((text) => `!${text}`);
const rules = fc.array(fc.oneof(spoken, denial), { maxLength: 6 });

const question = fc
  .record({
    kind: fc.constantFrom(...kinds),
    host: fc.constantFrom("db.example", "other.test"),
    port: fc.constantFrom(53, 443),
    addresses: fc.array(address, { minLength: 1, maxLength: 3 }),
  })
  .map(({ host, ...rest }) => ask(host, rest));

const auth = fc.constantFrom("key" as const, "anonymous" as const);

function under(targets: readonly string[], over: Partial<PolicySettings> = {}) {
  return makePolicy(settings({ targets: targets.join(" "), ...over }));
}

const often = { numRuns: 2000 };

test("a denial wins, wherever it stands", () => {
  const shuffled = rules.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(shuffled, question, auth, ([all, other], asked, by) => {
      expect(verdict(under(other, { auth: by }), asked)).toBe(
        verdict(under(all, { auth: by }), asked),
      );
    }),
    often,
  );
});

test("one more denial never allows", () => {
  fc.assert(
    fc.property(rules, denial, question, auth, (all, more, asked, by) => {
      fc.pre(verdict(under(all, { auth: by }), asked) !== "allowed");
      expect(verdict(under([...all, more], { auth: by }), asked)).not.toBe("allowed");
    }),
    often,
  );
});

test("one denial less never denies", () => {
  fc.assert(
    fc.property(rules, denial, question, auth, (all, more, asked, by) => {
      fc.pre(verdict(under([more, ...all], { auth: by }), asked) === "allowed");
      expect(verdict(under(all, { auth: by }), asked)).toBe("allowed");
    }),
    often,
  );
});

test("no rule opens the floor", () => {
  const plain = productionFloor.filter(({ only }) => only === undefined);
  const floored = fc
    .constantFrom(...plain)
    .chain(({ prefix }) => inBlock(prefix.value, prefix.family, prefix.length));
  fc.assert(
    fc.property(rules, floored, fc.constantFrom(...kinds), auth, (all, literal, kind, by) => {
      const policy = under([...all, literal.includes(":") ? `[${literal}]` : literal], {
        auth: by,
      });
      expect(verdict(policy, ask(literal, { kind }))).toBe("policy.floor");
      const named = ask("db.example", { kind, addresses: [literal] });
      expect(verdict(policy, named)).toBe("policy.floor");
    }),
    often,
  );
});

test("one refused address is enough to refuse a name", () => {
  fc.assert(
    fc.property(rules, question, (all, asked) => {
      const policy = under(all);
      const each = policy.judge(asked).map(({ allowed }) => allowed);
      expect(verdict(policy, asked) === "allowed").toBe(each.every(Boolean));
    }),
    often,
  );
});

const hex = (value: bigint) => `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;

describe("an IPv4 address gains nothing by being wrapped", () => {
  const wrappings: Readonly<Record<string, (value: bigint) => string>> = {
    mapped: (value) => `::ffff:${hex(value)}`,
    "mapped in full": (value) => `0:0:0:0:0:FFFF:${formatAddress({ family: 4, value })}`,
    compatible: (value) => `::${hex(value)}`,
    translated: (value) => `::ffff:0:${hex(value)}`,
    NAT64: (value) => `64:ff9b::${hex(value)}`,
    "local NAT64": (value) => `64:ff9b:1::${hex(value)}`,
    "6to4": (value) => `2002:${hex(value)}::1`,
    Teredo: (value) => `2001:0:4136:e378:8000:63bf:${hex(~value & 0xffff_ffffn)}`,
    ISATAP: (value) => `2a01:111::5efe:${hex(value)}`,
    "ISATAP, global": (value) => `2a01:111::200:5efe:${hex(value)}`,
    "ISATAP in a private network": (value) => `fd00::5efe:${hex(value)}`,
  };
  const over = { gateways: ["10.0.0.1", "8.8.8.1"], ownAddresses: () => ["10.0.0.2", "8.8.8.2"] };

  test.each(Object.keys(wrappings))("%s", (name) => {
    fc.assert(
      fc.property(ipv4, rules, fc.constantFrom(...kinds), auth, (plain, all, kind, by) => {
        const wrapped = wrappings[name]?.(at(plain).value) ?? "";
        const policy = under(all, { auth: by, ...over });
        if (verdict(policy, ask(wrapped, { kind })) === "allowed") {
          expect(verdict(policy, ask(plain, { kind }))).toBe("allowed");
        }
      }),
      often,
    );
  });

  test("NAT64 and mapped addresses do pass where the IPv4 address does", () => {
    for (const wrapped of ["64:ff9b::808:808", "::ffff:808:808"]) {
      expect(verdict(under([]), ask(wrapped))).toBe("allowed");
    }
  });
});

test("every address has one class, and a floor block's is not private or public", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), fc.ipV4()), (text) => {
      const { tier, class: name } = classify(at(text));
      expect(["private", "unique-local"].includes(name)).toBe(tier === "private");
      expect(name === "public").toBe(tier === "public");
    }),
  );
});
