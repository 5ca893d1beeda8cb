/** What a suite says that none of its checks can: drawn by recorded ends, and not drawn by near ones. */
import { expect, test } from "vitest";
import { concludeAcross, type Checked } from "../../lib/findings/across.ts";

type Class = "private" | "public";

const ended = (place: string, number: number, where: Class = "public"): Checked => {
  const login = { outcome: "refused" as const, errors: [] };
  const connect = { address: "192.0.2.1", class: where };
  const code = number === 40_914 ? "sql.vnet_rule" : "sql.firewall";
  const stopped = { stage: "login", code, message: `error ${number}` };
  const facts = { connect, login };
  const isAboutUser = number === 18_456;
  return { place, leaves: [{ facts, depth: 5, ...(isAboutUser ? {} : { stopped }) }] };
};

test("one server takes the login and another says 40914: the second needs the rule too", () => {
  const [finding, ...more] = concludeAcross([
    ended("one.database.windows.net:1433", 18_456),
    ended("two.database.windows.net:1433", 40_914),
  ]);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    code: "sql.vnet_rule_each",
    on: ["two.database.windows.net:1433"],
    evidence:
      "two.database.windows.net:1433 answers a login with error 40914, one.database.windows.net:1433 takes one from here",
  });
});

const open: Checked = {
  place: "four:1433",
  leaves: [{ facts: { connect: { class: "public" } }, depth: 2 }],
};

test.each<[string, Checked[]]>([
  ["both refuse the subnet", [ended("one:1433", 40_914), ended("two:1433", 40_914)]],
  ["the other refuses an address", [ended("one:1433", 40_615), ended("two:1433", 40_914)]],
  ["an address is refused, no subnet", [ended("one:1433", 18_456), ended("two:1433", 40_615)]],
  ["a private endpoint accepts", [ended("one:1433", 18_456, "private"), ended("two:1433", 40_914)]],
  ["one server says both", [ended("one:1433", 18_456), ended("one:1433", 40_914)]],
  ["the other was not logged in to", [open, ended("two:1433", 40_914)]],
  ["there is one check", [ended("two:1433", 40_914)]],
])("%s: nothing is said", (_, checks) => {
  expect(concludeAcross(checks)).toEqual([]);
});

const outbound = (...addresses: string[]): Checked => {
  const seen = addresses.map((address) => ({
    address,
    family: address.includes(":") ? (6 as const) : (4 as const),
    seen: 1,
    operators: ["ipify"],
  }));
  return { place: "outbound", leaves: [{ facts: { egress: { addresses: seen } }, depth: 2 }] };
};

const refused = (seenAs: string): Checked => ({
  place: "vault.example:443",
  leaves: [{ facts: { request: { status: 403, seenAs } }, depth: 3 }],
});

test("outbound.seen_otherwise: a refusal states an address that no sample is", () => {
  const [finding, ...more] = concludeAcross([outbound("192.0.2.1"), refused("203.0.113.9")]);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    code: "outbound.seen_otherwise",
    on: ["vault.example:443"],
    evidence: "vault.example:443 saw 203.0.113.9, the outbound check 192.0.2.1",
  });
  const login = { seenAs: "203.0.113.9" };
  const sql = { place: "one:1433", leaves: [{ facts: { login }, depth: 4 }] };
  expect(concludeAcross([sql, outbound("192.0.2.1")])).toMatchObject([{ on: ["one:1433"] }]);
});

test.each<[string, Checked[]]>([
  ["it is one of them", [outbound("192.0.2.1", "203.0.113.9"), refused("203.0.113.9")]],
  ["none was taken", [refused("203.0.113.9")]],
  ["none got an address", [outbound(), refused("203.0.113.9")]],
  ["none is of its family", [outbound("192.0.2.1"), refused("2001:db8::9")]],
  ["nobody refused", [outbound("192.0.2.1")]],
])("%s: nothing is said of the way out", (_, checks) => {
  expect(concludeAcross(checks)).toEqual([]);
});
