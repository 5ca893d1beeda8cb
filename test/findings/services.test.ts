/** The rules about services: what draws them, and what comes near and must not. */
import { expect, test } from "vitest";
import { conclude } from "../../lib/findings/conclude.ts";
import type { Leaf, LeafFacts } from "../../lib/leaves.ts";

const leaf = (facts: LeafFacts, on = "a"): Leaf => ({ facts, on, depth: 3 });
const draw = (...leaves: Leaf[]) => conclude(leaves).map((one) => `${one.severity} ${one.code}`);

const seen = (port: number, mappedPort: number, transport: "udp" | "tcp" = "udp"): LeafFacts => ({
  stun: {
    transport,
    local: { address: "10.0.0.4", port },
    mapped: { address: "203.0.113.9", port: mappedPort },
  },
});

const at = (last: string, translated = true) =>
  leaf({ stun: { ...seen(7, 1).stun, translated, server: `192.0.2.${last}:3478` } }, last);

const away = (stage: string, number: number): Leaf => ({
  ...leaf({}),
  stopped: { stage, code: "service.refused", message: "no", detail: { number } },
});

const refused = (number: number) =>
  leaf({
    login: {
      outcome: "refused",
      errors: [{ number, state: 1, severity: 14, message: "no", server: "s" }],
    },
  });

test.each<[string, Leaf[], string[]]>([
  [
    "no encryption",
    [leaf({ sql: { dialect: "TDS 7", encryption: "not-supported" } })],
    ["warn sql.plain"],
  ],
  [
    "another instance than the one that was asked for",
    [leaf({ sql: { dialect: "TDS 7", instance: "X", instanceMatches: false } })],
    ["warn sql.other_instance"],
  ],
  ["another one, and none was asked for", [leaf({ sql: { instanceMatches: false } })], []],
  ["the instance itself", [leaf({ sql: { instance: "X", instanceMatches: true } })], []],
  ["encryption of the login", [leaf({ sql: { dialect: "TDS 7", encryption: "off" } })], []],
  [
    "TDS 8, which is inside TLS and says not supported",
    [leaf({ sql: { dialect: "TDS 8", encryption: "not-supported" } })],
    [],
  ],
  [
    "a login that was accepted",
    [leaf({ login: { user: "x", outcome: "accepted" } })],
    ["warn sql.login_accepted"],
  ],
  ["a login that was refused without a word", [leaf({ login: { outcome: "refused" } })], []],
  ["a login that was refused for itself", [refused(18_456)], ["info sql.login_refused"]],
  ["a login that exists and is disabled", [refused(18_470)], ["info sql.login_refused"]],
  ["a login that was refused for something else", [refused(40_613)], []],
  [
    "a redirect",
    [leaf({ login: { outcome: "routed", route: { host: "n", port: 11_003 } } })],
    ["info sql.redirects"],
  ],
  [
    "a redirect that was followed",
    [
      leaf({
        login: { outcome: "routed", route: { host: "n", port: 11_003 } },
        connect: { address: "10.0.0.9", port: 11_003 },
      }),
    ],
    [],
  ],
  ["one port, seen as two", [leaf(seen(7, 1)), leaf(seen(7, 2), "b")], ["warn stun.symmetric_nat"]],
  ["one port, seen as one", [leaf(seen(7, 1)), leaf(seen(7, 1), "b")], []],
  ["two ports, seen as two", [leaf(seen(7, 1)), leaf(seen(8, 2), "b")], []],
  ["one port, seen once", [leaf(seen(7, 1))], []],
  ["one mapping at two addresses", [at("1"), at("2")], ["info stun.same_mapping"]],
  ["one mapping at two ports of one address", [at("1"), at("1")], []],
  ["no translation at two addresses", [at("1", false), at("2", false)], []],
  ["over TCP", [leaf(seen(7, 1, "tcp")), leaf(seen(7, 2, "tcp"), "b")], []],
  ["MySQL that was greeted", [leaf({ mysql: { version: "8.0" } })], ["info service.counted"]],
  ["MySQL that turned us away", [leaf({ mysql: {} })], []],
  ["its error 1129", [away("mysql", 1129)], ["fail service.mysql_blocked", "fail service.refused"]],
  ["its error 1130", [away("mysql", 1130)], ["fail service.mysql_host", "fail service.refused"]],
  ["its error 1040, too many connections", [away("mysql", 1040)], ["fail service.refused"]],
  ["the number of another service", [away("smtp", 1130)], ["fail service.refused"]],
])("%s", (_, leaves, findings) => {
  expect(draw(...leaves)).toEqual(findings);
});
