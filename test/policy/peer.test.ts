import { BlockList } from "node:net";
import { describe, expect, expectTypeOf, test } from "vitest";
import { productionFloor } from "../../lib/policy/classes.ts";
import { Peer } from "../../lib/policy/peer.ts";
import { makePolicy, type PolicySettings } from "../../lib/policy/policy.ts";
import rows from "./addresses.json" with { type: "json" };
import { ask, settings } from "./settings.ts";

function admit(host: string, over: Partial<PolicySettings> = {}, port = 443): Peer {
  const kind = port === 53 ? "dns" : "tcp";
  const [peer] = makePolicy(settings(over)).admit(ask(host, { kind, port }));
  if (peer === undefined) throw new Error("no peer");
  return peer;
}

/** As a connector would be given it. */
function blockList({ blocked }: Peer): (address: string) => boolean {
  const list = new BlockList();
  for (const { address, length, family } of blocked) {
    list.addSubnet(address, length, family === 4 ? "ipv4" : "ipv6");
  }
  return (address) => list.check(address, address.includes(":") ? "ipv6" : "ipv4");
}

test("a peer says whom to dial, in the spelling that was judged", () => {
  const question = ask("db.example", {
    kind: "sql",
    port: 1433,
    addresses: ["FD00:0::4", "::ffff:10.0.0.4"],
  });
  const peers = makePolicy(settings()).admit(question);
  expect(peers).toMatchObject([
    {
      address: "fd00::4",
      family: 6,
      port: 1433,
      class: "unique-local",
      host: "db.example",
      kind: "sql",
    },
    {
      address: "10.0.0.4",
      family: 4,
      port: 1433,
      class: "private",
      host: "db.example",
      kind: "sql",
    },
  ]);
});

test("nothing but a judgement makes one", () => {
  const made = admit("10.0.0.4");
  const { address, family, port, class: name, host, kind, blocked } = made;
  const alike = { address, family, port, class: name, host, kind, blocked };
  expectTypeOf<typeof alike>().not.toExtend<Peer>();
  expectTypeOf<Peer>().toExtend<typeof alike>();
  // @ts-expect-error the constructor is private
  const build = () => new Peer(alike);
  expect(build).toBeTypeOf("function");
});

describe("what a socket to a peer is kept from", () => {
  test("is every plain block of the floor", () => {
    const plain = productionFloor.filter(({ only }) => only === undefined);
    expect(admit("10.0.0.4").blocked).toStrictEqual(plain.map(({ prefix }) => prefix));
  });

  test.each(rows.must_allow)("lets %s pass", (address) => {
    expect(blockList(admit(address))(address)).toBe(false);
  });

  const plain = rows.must_deny.filter(
    ({ encoding }) => !["nat64-wkp", "isatap"].includes(encoding),
  );
  test.each(plain)("stops $input", ({ input }) => {
    expect(blockList(admit("10.0.0.4"))(input)).toBe(true);
  });

  test("is one and the same list for every peer without an exception", () => {
    const policy = makePolicy(settings({ resolvers: [{ address: "10.0.0.53", port: 53 }] }));
    const [one] = policy.admit(ask("10.0.0.4"));
    const [other] = policy.admit(ask("fd00::4"));
    const [resolver] = policy.admit(ask("10.0.0.53", { kind: "dns", port: 53 }));
    expect(one?.blocked).toBe(other?.blocked);
    expect(one?.blocked).toBe(resolver?.blocked);
  });

  test.each([
    ["168.63.129.16", {}, 53, ["169.254.169.254", "127.0.0.1", "::1"]],
    [
      "127.0.0.11",
      { resolvers: [{ address: "127.0.0.11", port: 53 }] },
      53,
      ["168.63.129.16", "::1"],
    ],
    ["::1", { local: true, targets: "@loopback" }, 443, ["127.0.0.1", "fe80::1"]],
    [
      "127.0.0.1",
      { local: true, targets: "@loopback" },
      443,
      ["::1", "0.0.0.0", "169.254.169.254"],
    ],
  ])("leaves out what an exception opened for %s, and no more", (address, over, port, others) => {
    const isBlocked = blockList(admit(address, over, port));
    expect(isBlocked(address)).toBe(false);
    expect(others.filter((other) => !isBlocked(other))).toStrictEqual([]);
  });
});
