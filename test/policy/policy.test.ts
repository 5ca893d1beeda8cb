import { describe, expect, test } from "vitest";
import { makePolicy } from "../../lib/policy/policy.ts";
import { ask, refusal, settings, verdict } from "./settings.ts";

const many = (count: number) => Array.from({ length: count }, (_, index) => `10.0.0.${index}`);
const anonymous = (targets: string) => makePolicy(settings({ auth: "anonymous", targets }));
const withRules = (targets: string) => makePolicy(settings({ targets }));

describe("the rules in force", () => {
  test.each([
    ["", "@private @public"],
    ["# nothing", "@private @public"],
    ["!10.0.0.4", "@private @public !10.0.0.4"],
    ["10.0.0.4", "10.0.0.4"],
    ["!10.0.0.4 Db.Example:443", "!10.0.0.4 db.example:443"],
  ])("%j puts %j in force", (targets, canonical) => {
    expect(withRules(targets).canonical).toBe(canonical);
    expect(withRules(canonical).canonical).toBe(canonical);
  });

  test("no setting is the same as an empty one", () => {
    expect(makePolicy(settings()).canonical).toBe("@private @public");
  });
});

/** Rules, host, its addresses, what comes of it on port 443 over TCP. */
describe.each([
  ["", "10.0.0.4", ["10.0.0.4"], "allowed"],
  ["", "8.8.8.8", ["8.8.8.8"], "allowed"],
  ["", "db.example", ["10.0.0.4", "fd00::4", "8.8.8.8"], "allowed"],
  ["", "db.example", ["10.0.0.4", "127.0.0.1"], "policy.mixed_answers"],
  ["", "db.example", ["10.0.0.4", "100.64.0.1"], "policy.mixed_answers"],
  ["", "db.example", ["::1", "127.0.0.1"], "policy.floor"],
  ["", "db.example", ["100.64.0.1", "127.0.0.1"], "policy.floor"],
  ["", "100.64.0.1", ["100.64.0.1"], "policy.not_allowed"],
  ["", "2001:db8::1", ["2001:db8::1"], "policy.not_allowed"],

  ["!10.0.0.4", "10.0.0.4", ["10.0.0.4"], "policy.denied"],
  ["!10.0.0.4", "10.0.0.4", ["::ffff:10.0.0.4"], "policy.denied"],
  ["!10.0.0.4", "10.0.0.5", ["10.0.0.5"], "allowed"],
  ["!10.0.0.4", "db.example", ["10.0.0.4"], "policy.denied"],
  ["!10.0.0.4", "db.example", ["10.0.0.4", "10.0.0.5"], "policy.mixed_answers"],
  ["!10.0.0.4 10.0.0.0/8", "10.0.0.4", ["10.0.0.4"], "policy.denied"],
  ["10.0.0.0/8 !10.0.0.4", "10.0.0.4", ["10.0.0.4"], "policy.denied"],
  ["!8.8.8.8", "64:ff9b::808:808", ["64:ff9b::808:808"], "policy.denied"],
  ["![64:ff9b::/96]", "64:ff9b::808:808", ["64:ff9b::808:808"], "policy.denied"],
  ["!@private", "10.0.0.4", ["10.0.0.4"], "policy.denied"],
  ["!@private", "fd00::4", ["fd00::4"], "policy.denied"],
  ["!@private", "8.8.8.8", ["8.8.8.8"], "allowed"],
  ["!@public", "8.8.8.8", ["8.8.8.8"], "policy.denied"],
  ["!@public", "64:ff9b::808:808", ["64:ff9b::808:808"], "policy.denied"],
  ["!*", "8.8.8.8", ["8.8.8.8"], "policy.denied"],
  ["!db.example", "db.example", ["10.0.0.4"], "policy.denied"],
  ["!db.example", "DB.Example.", ["10.0.0.4"], "policy.denied"],
  ["!db.example", "a.db.example", ["10.0.0.4"], "allowed"],
  ["!*.example", "a.db.example", ["10.0.0.4"], "policy.denied"],
  ["!*.example", "db.example", ["10.0.0.4"], "policy.denied"],
  ["!*.example", "example", ["10.0.0.4"], "allowed"],
  ["!*.example", "notexample", ["10.0.0.4"], "allowed"],
  ["!127.0.0.1", "127.0.0.1", ["127.0.0.1"], "policy.floor"],

  ["@private", "10.0.0.4", ["10.0.0.4"], "allowed"],
  ["@private", "8.8.8.8", ["8.8.8.8"], "policy.not_allowed"],
  ["@public", "10.0.0.4", ["10.0.0.4"], "policy.not_allowed"],
  ["@public", "db.example", ["8.8.8.8", "10.0.0.4"], "policy.mixed_answers"],
  ["*", "8.8.8.8", ["8.8.8.8"], "allowed"],
  ["*", "10.0.0.4", ["10.0.0.4"], "allowed"],
  ["*", "100.64.0.1", ["100.64.0.1"], "policy.not_allowed"],
  ["10.0.0.0/8", "10.255.255.255", ["10.255.255.255"], "allowed"],
  ["10.0.0.0/8", "11.0.0.0", ["11.0.0.0"], "policy.not_allowed"],
  ["10.0.0.0/8", "db.example", ["10.0.0.4"], "allowed"],
  ["8.8.8.8", "64:ff9b::808:808", ["64:ff9b::808:808"], "allowed"],
  ["[64:ff9b::/96]", "64:ff9b::808:808", ["64:ff9b::808:808"], "policy.not_allowed"],
  ["[fd00::4]", "fd00::4", ["fd00:0::4"], "allowed"],
  ["db.example", "db.example", ["10.0.0.4", "8.8.8.8"], "allowed"],
  ["db.example", "db.example", ["100.64.0.1"], "policy.not_allowed"],
  ["db.example", "10.0.0.4", ["10.0.0.4"], "policy.not_allowed"],
  ["db.example", "other.example", ["10.0.0.4"], "policy.not_allowed"],
  ["*.example", "a.b.example", ["10.0.0.4"], "allowed"],
  ["*.example", "example", ["10.0.0.4"], "policy.not_allowed"],

  ["100.64.0.0/10", "100.64.0.1", ["100.64.0.1"], "allowed"],
  ["100.64.0.0/10", "db.example", ["100.64.0.1"], "allowed"],
  ["100.0.0.0/8", "100.64.0.1", ["100.64.0.1"], "allowed"],
  ["100.0.0.0/7", "100.64.0.1", ["100.64.0.1"], "policy.not_allowed"],
  ["100.0.0.0/7", "100.0.0.1", ["100.0.0.1"], "allowed"],
  ["0.0.0.0/0", "100.64.0.1", ["100.64.0.1"], "policy.not_allowed"],
  ["100.64.0.0/10", "100.100.100.200", ["100.100.100.200"], "policy.floor"],
  ["[2001::/16]", "2001:db8::1", ["2001:db8::1"], "allowed"],
  ["[2000::/15]", "2001:db8::1", ["2001:db8::1"], "policy.not_allowed"],
  ["127.0.0.0/8 * [::/0]", "127.0.0.1", ["127.0.0.1"], "policy.floor"],

  ["10.0.0.4:443", "10.0.0.4", ["10.0.0.4"], "allowed"],
  ["10.0.0.4:442,444", "10.0.0.4", ["10.0.0.4"], "policy.not_allowed"],
  ["10.0.0.4:400-443", "10.0.0.4", ["10.0.0.4"], "allowed"],
  ["10.0.0.4:443-500", "10.0.0.4", ["10.0.0.4"], "allowed"],
  ["10.0.0.4:444-500", "10.0.0.4", ["10.0.0.4"], "policy.not_allowed"],
  ["!*:443", "10.0.0.4", ["10.0.0.4"], "policy.denied"],
  ["!*:444", "10.0.0.4", ["10.0.0.4"], "allowed"],
  ["tcp=*", "10.0.0.4", ["10.0.0.4"], "allowed"],
  ["tls|http=*", "10.0.0.4", ["10.0.0.4"], "policy.not_allowed"],
  ["!tls|tcp=*", "10.0.0.4", ["10.0.0.4"], "policy.denied"],
  ["!tls=*", "10.0.0.4", ["10.0.0.4"], "allowed"],
])("under %j, %s at %j", (targets, host, addresses, expected) => {
  test(`is ${expected}`, () => {
    expect(verdict(withRules(targets), ask(host, { addresses }))).toBe(expected);
  });
});

describe("a refusal", () => {
  test("of the floor says what the address is", () => {
    expect(refusal(withRules(""), ask("169.254.169.254"))).toMatchObject({
      code: "policy.floor",
      message:
        "169.254.169.254 is link-local (instance metadata and platform services): never probed, by design",
      detail: { address: "169.254.169.254", class: "link-local" },
    });
  });

  test("of an encoded address says what it carries", () => {
    expect(refusal(withRules(""), ask("2002:a9fe:a9fe::1"))?.message).toBe(
      "2002:a9fe:a9fe::1 is 6to4 (RFC 3056, carries an IPv4 address, here 169.254.169.254): never probed, by design",
    );
  });

  test("of a name says where the name leads", () => {
    const question = ask("db.example", { addresses: ["10.0.0.4"] });
    expect(refusal(withRules("!tcp=10.0.0.0/8:443"), question)).toMatchObject({
      code: "policy.denied",
      message:
        "db.example leads to a refused address: 10.0.0.4 (private) is denied by the rule !tcp=10.0.0.0/8:443",
      detail: { address: "10.0.0.4", class: "private", rule: "!tcp=10.0.0.0/8:443" },
    });
  });

  test("of mixed answers names the worst of them", () => {
    const addresses = ["8.8.8.8", "100.64.0.1", "10.0.0.4", "127.0.0.1"];
    expect(refusal(withRules("!10.0.0.4"), ask("db.example", { addresses }))).toMatchObject({
      code: "policy.mixed_answers",
      detail: { address: "127.0.0.1", class: "loopback", because: "policy.floor" },
    });
  });

  test("says that a reserved block takes a rule that names it", () => {
    expect(refusal(withRules("*"), ask("198.18.0.1"))?.message).toBe(
      "198.18.0.1 (benchmark) is allowed by no rule: it takes one that names its block",
    );
  });

  test.each([
    ["redirect", "policy.redirect", "policy.floor"],
    ["route", "policy.route", "policy.floor"],
    ["referral", "policy.floor", undefined],
    ["first", "policy.floor", undefined],
  ] as const)("at the hop %s is %s because of %s", (hop, code, because) => {
    const failure = refusal(withRules(""), ask("127.0.0.1", { hop }));
    expect([failure?.code, failure?.detail["because"]]).toStrictEqual([code, because]);
  });

  test("of mixed answers behind a redirect is a refused redirect", () => {
    const question = ask("db.example", { addresses: ["10.0.0.4", "::1"], hop: "redirect" });
    expect(refusal(withRules(""), question)).toMatchObject({
      code: "policy.redirect",
      detail: { address: "::1", class: "loopback", because: "policy.mixed_answers" },
    });
  });

  test.each(["redirect", "route", "referral"] as const)(
    "is not owed to the hop %s alone",
    (hop) => {
      expect(verdict(withRules(""), ask("10.0.0.4", { hop }))).toBe("allowed");
    },
  );
});

describe("the number of addresses", () => {
  test("may be 16", () => {
    expect(verdict(withRules(""), ask("db.example", { addresses: many(16) }))).toBe("allowed");
  });

  test("may not be 17, whatever they are", () => {
    const failure = refusal(withRules(""), ask("db.example", { addresses: many(17) }));
    expect(failure).toMatchObject({ code: "policy.too_many_answers", detail: { count: 17 } });
  });

  test("counts each address once, in whatever spelling", () => {
    const addresses = [...many(16), ...many(16), "::ffff:10.0.0.1"];
    expect(withRules("").admit(ask("db.example", { addresses }))).toHaveLength(16);
  });
});

describe("a setting that cannot be read", () => {
  const policy = withRules("@private @publik");

  test("refuses everything, and says where it goes wrong", () => {
    expect(policy.problem).toMatchObject({ rule: 2, column: 10 });
    expect(policy.canonical).toBe("");
    expect(refusal(policy, ask("10.0.0.4"))).toMatchObject({
      code: "policy.invalid",
      message:
        "SONDE_TARGETS cannot be read at rule 2, column 10: @publik is no class: use @private, @public",
      detail: { rule: 2, column: 10 },
    });
  });

  test("refuses also what any setting would open, and what no setting opens", () => {
    const dns = ask("168.63.129.16", { kind: "dns", port: 53 });
    const questions = [dns, ask("127.0.0.1"), ask("db.example", { addresses: [] })];
    for (const question of questions) expect(verdict(policy, question)).toBe("policy.invalid");
    expect(policy.judge(dns)).toMatchObject([{ allowed: false, code: "policy.invalid" }]);
  });

  test("has no problem to show when it can be read", () => {
    expect(withRules("@private")).not.toHaveProperty("problem");
  });
});

describe("anonymous callers", () => {
  test.each([
    ["", "8.8.8.8", "policy.requires_auth"],
    ["", "10.0.0.4", "policy.requires_auth"],
    ["", "100.64.0.1", "policy.requires_auth"],
    ["", "127.0.0.1", "policy.floor"],
    ["!10.0.0.4", "8.8.8.8", "policy.requires_auth"],
    ["!10.0.0.4", "10.0.0.4", "policy.denied"],
    ["@public", "8.8.8.8", "allowed"],
    ["@public", "10.0.0.4", "policy.not_allowed"],
    ["@private", "10.0.0.4", "allowed"],
    ["*", "8.8.8.8", "allowed"],
    ["*", "10.0.0.4", "policy.not_allowed"],
    ["10.0.0.4", "10.0.0.4", "allowed"],
    ["*", "127.0.0.1", "policy.floor"],
  ])("under %j get %s: %s", (targets, host, expected) => {
    expect(verdict(anonymous(targets), ask(host))).toBe(expected);
  });

  test("reach the private addresses of a name that is spelled out", () => {
    const question = ask("db.example", { addresses: ["10.0.0.4"] });
    expect(verdict(anonymous("db.example:443"), question)).toBe("allowed");
  });

  test("have no rules to begin with", () => {
    expect(anonymous("").canonical).toBe("");
    expect(anonymous("!10.0.0.4").canonical).toBe("!10.0.0.4");
  });

  test("are not those of Easy Auth", () => {
    const policy = makePolicy(settings({ auth: "easyauth" }));
    expect([policy.canonical, verdict(policy, ask("10.0.0.4"))]).toStrictEqual([
      "@private @public",
      "allowed",
    ]);
  });
});

test("a judgement says for every address what decided", () => {
  const policy = withRules("@private !10.0.0.4");
  const addresses = [
    "10.0.0.5",
    "::ffff:10.0.0.4",
    "FD00:0::1",
    "8.8.8.8",
    "127.0.0.1",
    "fe80::1%eth0",
  ];
  expect(policy.judge(ask("db.example", { addresses }))).toMatchInlineSnapshot(`
    [
      {
        "address": "10.0.0.5",
        "allowed": true,
        "class": "private",
        "family": 4,
        "reason": "10.0.0.5 (private) is allowed by the rule @private",
        "rule": "@private",
      },
      {
        "address": "10.0.0.4",
        "allowed": false,
        "class": "private",
        "code": "policy.denied",
        "family": 4,
        "reason": "10.0.0.4 (private) is denied by the rule !10.0.0.4",
        "rule": "!10.0.0.4",
      },
      {
        "address": "fd00::1",
        "allowed": true,
        "class": "unique-local",
        "family": 6,
        "reason": "fd00::1 (unique-local) is allowed by the rule @private",
        "rule": "@private",
      },
      {
        "address": "8.8.8.8",
        "allowed": false,
        "class": "public",
        "code": "policy.not_allowed",
        "family": 4,
        "reason": "8.8.8.8 (public) is allowed by no rule",
      },
      {
        "address": "127.0.0.1",
        "allowed": false,
        "class": "loopback",
        "code": "policy.floor",
        "family": 4,
        "reason": "127.0.0.1 is loopback (this very instance and its side-cars): never probed, by design",
      },
      {
        "address": "fe80::1%eth0",
        "allowed": false,
        "class": "link-local",
        "code": "policy.floor",
        "family": 6,
        "reason": "fe80::1%eth0 carries a zone id, which means something on one machine only: never probed, by design",
      },
    ]
  `);
});
