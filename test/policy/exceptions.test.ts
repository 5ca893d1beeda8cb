/** Each exception from both sides: what it opens, and everything next to it that it leaves shut. */
import { describe, expect, test } from "vitest";
import { makePolicy, type PolicySettings } from "../../lib/policy/policy.ts";
import { kinds } from "../../lib/policy/rules.ts";
import { answers, ask, rows, settings, verdict } from "./settings.ts";

const dns = { kind: "dns", port: 53 } as const;

describe("168.63.129.16 answers DNS on port 53", () => {
  rows([
    ["by a DNS probe", {}, "168.63.129.16", dns, "allowed"],
    ["on Azure too", { azure: true }, "168.63.129.16", dns, "allowed"],
    [
      "also when the rules name other targets",
      { targets: "10.0.0.4" },
      "168.63.129.16",
      dns,
      "allowed",
    ],
    ["as IPv4-mapped IPv6", {}, "::ffff:168.63.129.16", dns, "allowed"],
    ["not on port 80", {}, "168.63.129.16", { kind: "dns", port: 80 }, "policy.floor"],
    ["not on port 32526", {}, "168.63.129.16", { kind: "dns", port: 32_526 }, "policy.floor"],
    ["not as NAT64", {}, "64:ff9b::a83f:8110", dns, "policy.floor"],
    ["not against a denial", { targets: "!dns=*" }, "168.63.129.16", dns, "policy.denied"],
    ["not for the anonymous", { auth: "anonymous" }, "168.63.129.16", dns, "policy.requires_auth"],
    [
      "for the anonymous when it is spelled out",
      { auth: "anonymous", targets: "dns=168.63.129.16:53" },
      "168.63.129.16",
      dns,
      "allowed",
    ],
    ["not for another platform address", {}, "169.254.169.254", dns, "policy.floor"],
  ]);

  test.each(kinds.filter((kind) => kind !== "dns"))("not to a probe of kind %s", (kind) => {
    const question = ask("168.63.129.16", { kind, port: 53 });
    expect(verdict(makePolicy(settings()), question)).toBe("policy.floor");
  });
});

describe("configured name servers answer DNS on their port", () => {
  const over: Partial<PolicySettings> = {
    resolvers: [
      { address: "127.0.0.11", port: 53 },
      { address: "127.0.0.1", port: 5353 },
      { address: "10.0.0.53", port: 53 },
      { address: "FE80:0::53", port: 53 },
      { address: "fe80::1%eth0", port: 53 },
      { address: "10.0.0.1", port: 53 },
      { address: "10.0.0.9", port: 53 },
    ],
    gateways: ["10.0.0.1"],
    ownAddresses: () => ["10.0.0.9"],
  };
  const shut = { ...over, targets: "@public:443" };

  rows([
    ["on loopback", over, "127.0.0.11", dns, "allowed"],
    ["on a port of its own", over, "127.0.0.1", { kind: "dns", port: 5353 }, "allowed"],
    ["on a link-local address in another spelling", over, "fe80::53", dns, "allowed"],
    ["on the default gateway", over, "10.0.0.1", dns, "allowed"],
    ["on an address of this instance", over, "10.0.0.9", dns, "allowed"],
    ["when the rules name other targets", shut, "10.0.0.53", dns, "allowed"],
    ["by name", over, "resolver.example", { ...dns, addresses: ["127.0.0.11"] }, "allowed"],
    ["not on another port", over, "127.0.0.1", dns, "policy.floor"],
    [
      "not on the port of another server",
      over,
      "127.0.0.11",
      { kind: "dns", port: 5353 },
      "policy.floor",
    ],
    ["not its neighbour", over, "127.0.0.12", dns, "policy.floor"],
    ["not with a zone id", over, "fe80::1%eth0", dns, "policy.floor"],
    ["not without the zone id it is configured with", over, "fe80::1", dns, "policy.floor"],
    ["not to TCP probes", over, "127.0.0.11", { kind: "tcp", port: 53 }, "policy.floor"],
    ["not to TCP probes of the gateway", over, "10.0.0.1", { port: 53 }, "policy.not_allowed"],
    ["not to TCP probes of this instance", over, "10.0.0.9", { port: 53 }, "policy.own_address"],
    ["not to TCP probes under other rules", shut, "10.0.0.53", { port: 53 }, "policy.not_allowed"],
    [
      "not against a denial",
      { ...over, targets: "!127.0.0.11" },
      "127.0.0.11",
      dns,
      "policy.denied",
    ],
    [
      "not for the anonymous",
      { ...over, auth: "anonymous" },
      "127.0.0.11",
      dns,
      "policy.requires_auth",
    ],
    ["not to a server that is not configured", {}, "127.0.0.11", dns, "policy.floor"],
  ]);
});

describe("names of the Container Apps environment answer inside 100.100.0.0/16", () => {
  const over = { azure: true, environmentSuffix: "Happy-Sea.westeurope.azurecontainerapps.io" };
  const host = "orders.internal.happy-sea.westeurope.azurecontainerapps.io";

  rows([
    ["first address", over, host, answers("100.100.0.0"), "allowed"],
    ["last address", over, host, answers("100.100.255.255"), "allowed"],
    ["beside a private one", over, host, answers("100.100.0.1", "10.0.0.4"), "allowed"],
    ["under @private", { ...over, targets: "@private" }, host, answers("100.100.0.1"), "allowed"],
    [
      "under a rule for the name",
      { ...over, targets: `${host}:443` },
      host,
      answers("100.100.0.1"),
      "allowed",
    ],
    ["not below that block", over, host, answers("100.99.255.255"), "policy.not_allowed"],
    ["not above that block", over, host, answers("100.101.0.0"), "policy.not_allowed"],
    ["not the metadata address in it", over, host, answers("100.100.100.200"), "policy.floor"],
    ["not as a literal", over, "100.100.0.1", {}, "policy.not_allowed"],
    ["not for other names", over, "orders.example", answers("100.100.0.1"), "policy.not_allowed"],
    [
      "not for a name that only ends alike",
      over,
      "orders.unhappy-sea.westeurope.azurecontainerapps.io",
      answers("100.100.0.1"),
      "policy.not_allowed",
    ],
    [
      "not for the suffix itself",
      over,
      "happy-sea.westeurope.azurecontainerapps.io",
      answers("100.100.0.1"),
      "policy.not_allowed",
    ],
    [
      "not off Azure",
      { ...over, azure: false },
      host,
      answers("100.100.0.1"),
      "policy.not_allowed",
    ],
    [
      "not without an environment",
      { azure: true },
      host,
      answers("100.100.0.1"),
      "policy.not_allowed",
    ],
    [
      "not under other rules",
      { ...over, targets: "@public" },
      host,
      answers("100.100.0.1"),
      "policy.not_allowed",
    ],
    [
      "not against a denial",
      { ...over, targets: "!@private" },
      host,
      answers("100.100.0.1"),
      "policy.denied",
    ],
    [
      "not on this instance itself",
      { ...over, ownAddresses: () => ["100.100.0.1"] },
      host,
      answers("100.100.0.1"),
      "policy.own_address",
    ],
    ["not on loopback", over, host, answers("127.0.0.1"), "policy.floor"],
  ]);
});

describe("a Hybrid Connection answers on loopback", () => {
  const over = { azure: true, relays: [{ host: "DB.corp.example", port: 1433 }] };
  const to = { port: 1433, addresses: ["127.0.0.2"] };

  rows([
    ["at its host and port", over, "db.corp.example", to, "allowed"],
    ["typed with a final dot", over, "db.corp.example.", to, "allowed"],
    ["by SQL", over, "db.corp.example", { ...to, kind: "sql" }, "allowed"],
    [
      "under a rule for the name",
      { ...over, targets: "db.corp.example" },
      "db.corp.example",
      to,
      "allowed",
    ],
    ["not on another port", over, "db.corp.example", { ...to, port: 1434 }, "policy.floor"],
    ["not by another name", over, "other.corp.example", to, "policy.floor"],
    ["not as a literal", over, "127.0.0.2", { port: 1433 }, "policy.floor"],
    [
      "not on link-local",
      over,
      "db.corp.example",
      { ...to, addresses: ["169.254.1.1"] },
      "policy.floor",
    ],
    ["not on 0.0.0.0", over, "db.corp.example", { ...to, addresses: ["0.0.0.0"] }, "policy.floor"],
    [
      "not under other rules",
      { ...over, targets: "@public" },
      "db.corp.example",
      to,
      "policy.not_allowed",
    ],
    [
      "not against a denial",
      { ...over, targets: "!sql|tcp=*" },
      "db.corp.example",
      to,
      "policy.denied",
    ],
    ["not off Azure", { ...over, azure: false }, "db.corp.example", to, "policy.floor"],
    ["not without one", { azure: true }, "db.corp.example", to, "policy.floor"],
  ]);
});

describe("the identity endpoint answers to the identity suite", () => {
  const linux = { azure: true, identity: { host: "169.254.129.2", port: 8081 } };
  const inside = { azure: true, identity: { host: "172.16.0.9", port: 8081 } };
  const named = { azure: true, identity: { host: "localhost", port: 42_356 } };
  const suite = { kind: "http", suite: "identity" } as const;
  const caller = { kind: "http", port: 8081 } as const;
  const typed = { kind: "http", port: 42_356, addresses: ["127.0.0.1"] } as const;
  const local = { ...typed, ...suite };

  rows([
    ["on link-local", linux, "169.254.129.2", { ...suite, port: 8081 }, "allowed"],
    ["on a private address", inside, "172.16.0.9", { ...suite, port: 8081 }, "allowed"],
    ["on loopback by name", named, "localhost", local, "allowed"],
    ["not to a caller", linux, "169.254.129.2", caller, "policy.floor"],
    ["not to a caller on a private address", inside, "172.16.0.9", caller, "policy.floor"],
    [
      "not to a caller by a name",
      inside,
      "a.example",
      { ...caller, addresses: ["172.16.0.9"] },
      "policy.floor",
    ],
    [
      "not to a caller's rule",
      { ...inside, targets: "172.16.0.9" },
      "172.16.0.9",
      caller,
      "policy.floor",
    ],
    ["not to a caller by its own name", named, "localhost", typed, "policy.floor"],
    ["not on another port", linux, "169.254.129.2", { ...suite, port: 80 }, "policy.floor"],
    [
      "not at the instance metadata",
      linux,
      "169.254.169.254",
      { ...suite, port: 80 },
      "policy.floor",
    ],
    [
      "not where its name leads elsewhere",
      named,
      "localhost",
      { ...local, addresses: ["169.254.169.254"] },
      "policy.floor",
    ],
    [
      "not against a denial",
      { ...linux, targets: "!http=*" },
      "169.254.129.2",
      { ...suite, port: 8081 },
      "policy.denied",
    ],
    [
      "not where there is none",
      { azure: true },
      "169.254.129.2",
      { ...suite, port: 8081 },
      "policy.floor",
    ],
  ]);

  test("and its private address stays open on other ports", () => {
    const question = ask("172.16.0.9", { kind: "http", port: 80 });
    expect(verdict(makePolicy(settings(inside)), question)).toBe("allowed");
  });
});
