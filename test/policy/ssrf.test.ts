/** Addresses that must never be probed, in every encoding known to slip through, and those that must pass. */
import { describe, expect, test } from "vitest";
import { canonicalHost, formatAddress } from "../../lib/policy/address.ts";
import { makePolicy } from "../../lib/policy/policy.ts";
import { kinds } from "../../lib/policy/rules.ts";
import rows from "./addresses.json" with { type: "json" };
import { ask, settings, verdict } from "./settings.ts";

const policy = makePolicy(settings());
const withoutFloor = makePolicy(settings(), []);

test("the data is whole", () => {
  expect([rows.must_deny.length, rows.must_allow.length]).toStrictEqual([166, 22]);
});

describe.each(rows.must_deny)("$input ($encoding: $why)", ({ input }) => {
  test("is on the floor for every kind of probe", () => {
    for (const kind of kinds) expect(verdict(policy, ask(input, { kind }))).toBe("policy.floor");
  });

  test("is on the floor as the only answer of a name", () => {
    const question = ask("name.example", { addresses: [input] });
    expect(verdict(policy, question)).toBe("policy.floor");
  });

  test("makes the answers of a name mixed", () => {
    const question = ask("name.example", { addresses: ["10.0.0.4", input] });
    expect(verdict(policy, question)).toBe("policy.mixed_answers");
  });

  test("is opened by no rule", () => {
    const open = "* @private @public *.example:1-65535 0.0.0.0/0 [::/0] 127.0.0.0/8 [64:ff9b::/96]";
    const question = ask("name.example", { addresses: [input] });
    expect(verdict(makePolicy(settings({ targets: open })), question)).toBe("policy.floor");
  });

  test("is what it is also when it is typed as a host", () => {
    const host = canonicalHost(input);
    if (input.includes("%")) expect(host).toMatchObject({ kind: "wrong" });
    else {
      const literal = host.kind === "address" ? formatAddress(host.address) : "";
      expect(verdict(policy, ask(literal))).toBe("policy.floor");
    }
  });
});

test.each(rows.must_deny.filter(({ input }) => !input.includes("%")))(
  "$input is refused by the floor and nothing else",
  ({ input }) => {
    expect(verdict(withoutFloor, ask(input))).not.toBe("policy.floor");
  },
);

test.each(rows.must_allow)("%s may be probed", (input) => {
  for (const kind of kinds) expect(verdict(policy, ask(input, { kind }))).toBe("allowed");
});
