/** The machine itself: its loopback, its addresses, its way out. */
import { describe, expect, test } from "vitest";
import { makePolicy, type PolicySettings } from "../../lib/policy/policy.ts";
import { answers, ask, rows, settings, verdict } from "./settings.ts";

describe("@loopback opens loopback under the local host", () => {
  const over: Partial<PolicySettings> = { local: true, targets: "@private @public @loopback" };

  rows([
    ["first address", over, "127.0.0.0", {}, "allowed"],
    ["last address", over, "127.255.255.255", {}, "allowed"],
    ["IPv6", over, "::1", {}, "allowed"],
    ["mapped", over, "::ffff:127.0.0.1", {}, "allowed"],
    ["a name that leads there only", over, "localhost", answers("::1", "127.0.0.1"), "allowed"],
    [
      "an own address",
      { ...over, ownAddresses: () => ["127.0.0.1", "::1"] },
      "127.0.0.1",
      {},
      "allowed",
    ],
    ["beside other targets", over, "10.0.0.4", {}, "allowed"],
    ["on the port of its rule", { ...over, targets: "@loopback:443" }, "127.0.0.1", {}, "allowed"],
    ["not on another port", { ...over, targets: "@loopback:444" }, "127.0.0.1", {}, "policy.floor"],
    [
      "not for another kind",
      { ...over, targets: "tls=@loopback" },
      "127.0.0.1",
      {},
      "policy.floor",
    ],
    [
      "not a name that also leads elsewhere",
      over,
      "a.example",
      answers("127.0.0.1", "10.0.0.4"),
      "policy.mixed_answers",
    ],
    [
      "not a name with an unreadable answer",
      over,
      "a.example",
      answers("::1", "fe80::1%lo"),
      "policy.floor",
    ],
    ["nor what was open anyway", over, "126.255.255.255", {}, "allowed"],
    ["not the unspecified address", over, "0.0.0.0", {}, "policy.floor"],
    ["not the unspecified address of IPv6", over, "::", {}, "policy.floor"],
    ["not in an encoding", over, "::127.0.0.1", {}, "policy.floor"],
    ["not in NAT64", over, "64:ff9b::7f00:1", {}, "policy.floor"],
    ["not link-local", over, "169.254.169.254", {}, "policy.floor"],
    [
      "not another own address",
      { ...over, ownAddresses: () => ["10.0.0.9"] },
      "10.0.0.9",
      {},
      "policy.own_address",
    ],
    [
      "not against a denial",
      { ...over, targets: "@loopback !127.0.0.1" },
      "127.0.0.1",
      {},
      "policy.denied",
    ],
    [
      "not against a denial of the class",
      { ...over, targets: "@loopback !@loopback:443" },
      "127.0.0.1",
      {},
      "policy.denied",
    ],
    ["not by a denial alone", { ...over, targets: "!@loopback" }, "127.0.0.1", {}, "policy.floor"],
    [
      "not by a rule for the literal",
      { ...over, targets: "127.0.0.1:443" },
      "127.0.0.1",
      {},
      "policy.floor",
    ],
    ["not unless it is written", { local: true }, "127.0.0.1", {}, "policy.floor"],
    [
      "not on a platform, where it is an error",
      { ...over, local: false },
      "10.0.0.4",
      {},
      "policy.invalid",
    ],
  ]);
});

describe("addresses of this instance", () => {
  const over = {
    ownAddresses: () => ["10.0.0.9", "fd00::9", "20.0.0.9", "fe80::9%eth0", "127.0.0.1"],
  };

  rows([
    ["are refused", over, "10.0.0.9", {}, "policy.own_address"],
    ["are refused in IPv6", over, "fd00:0::9", {}, "policy.own_address"],
    ["are refused when mapped", over, "::ffff:10.0.0.9", {}, "policy.own_address"],
    ["are refused behind NAT64", over, "64:ff9b::1400:9", {}, "policy.own_address"],
    [
      "are refused behind a name",
      over,
      "a.example",
      { addresses: ["10.0.0.9"] },
      "policy.own_address",
    ],
    [
      "are refused whatever the rules",
      { ...over, targets: "10.0.0.9 *" },
      "10.0.0.9",
      {},
      "policy.own_address",
    ],
    ["leave their neighbours open", over, "10.0.0.8", {}, "allowed"],
    ["leave loopback to the floor", over, "127.0.0.1", {}, "policy.floor"],
  ]);

  test("are read anew for every question", () => {
    const own = new Set<string>();
    const policy = makePolicy(settings({ ownAddresses: () => [...own] }));
    expect(verdict(policy, ask("10.0.0.9"))).toBe("allowed");
    own.add("10.0.0.9");
    expect(verdict(policy, ask("10.0.0.9"))).toBe("policy.own_address");
  });
});

describe("the default gateway", () => {
  const over = { gateways: ["10.0.0.1", "20.0.0.1"] };

  rows([
    ["is not meant by @private", over, "10.0.0.1", {}, "policy.not_allowed"],
    ["is not meant by *", { ...over, targets: "*" }, "10.0.0.1", {}, "policy.not_allowed"],
    [
      "is not opened by a name",
      { ...over, targets: "gw" },
      "gw",
      { addresses: ["10.0.0.1"] },
      "policy.not_allowed",
    ],
    ["is not reached behind NAT64", over, "64:ff9b::1400:1", {}, "policy.not_allowed"],
    [
      "is opened by a rule for its address",
      { ...over, targets: "10.0.0.1" },
      "10.0.0.1",
      {},
      "allowed",
    ],
    [
      "is opened by a rule for its block",
      { ...over, targets: "10.0.0.0/24" },
      "10.0.0.1",
      {},
      "allowed",
    ],
    [
      "is denied with its network",
      { ...over, targets: "10.0.0.1 !@private" },
      "10.0.0.1",
      {},
      "policy.denied",
    ],
    ["leaves its neighbours open", over, "10.0.0.2", {}, "allowed"],
  ]);
});
