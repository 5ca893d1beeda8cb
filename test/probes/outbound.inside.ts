/**
 * Runs inside the host that outbound-inside.test.ts furnishes. The operators are at the names and addresses
 * where Sonde finds them; the kernel translates source addresses as a NAT gateway or a firewall would, and
 * each operator tells what it really saw.
 */
import { execFileSync } from "node:child_process";
import { networkInterfaces } from "node:os";
import { beforeEach, describe, expect, test } from "vitest";
import { egressSheet } from "../../lib/facts/egress.ts";
import { sheets } from "../../lib/facts/index.ts";
import type { Environment, Host } from "../../lib/here.ts";
import { outbound } from "../../lib/probes/outbound.ts";
import { surfaces } from "../../lib/surfaces/index.ts";
import { ask, localEdge } from "../asking.ts";
import { find } from "../servers/packages.ts";
import { reply, scriptedDns } from "../servers/scripted-dns.ts";
import { operators, sondeAt, whoami, type Sight } from "./operators.ts";

/** A table of one chain, in place of what it was before; without rules it lets everything pass. */
function furnish(table: string, chain: string, rules: readonly string[]): void {
  const made = `table inet ${table} {
  chain out {
    type ${chain}
    ${rules.join("\n    ")}
  }
}`;
  const input = `table inet ${table}\ndelete table inet ${table}\n${made}\n`;
  execFileSync(find("nft") ?? "nft", ["-f", "-"], { input });
}

/** The ways out: each rule sees the first packet of a connection. */
const leaveBy = (...rules: readonly string[]) =>
  furnish("way", "nat hook postrouting priority srcnat;", rules);

/** Nothing new goes to these ports: refused at once, or dropped. */
const shut = (how: "reject" | "drop", ports: string) =>
  furnish(
    "wall",
    "filter hook output priority filter;",
    ["tcp", "udp"].map((over) => `ct state new ${over} dport { ${ports} } ${how}`),
  );

/** Whoever asks any name server asks this one, and does not see it. */
const intercept = (...rules: readonly string[]) =>
  furnish("proxy", "nat hook output priority -100;", rules);

const through4 = (address: string) => `meta nfproto ipv4 snat ip to ${address}`;

/** What an owner would list: of Resource Manager, of the gateway, of the firewall. */
const SONDE_EXPECTED_OUTBOUND = [
  "outbound=20.50.1.2,20.50.1.3",
  "possible=20.50.1.2,20.50.1.3,20.50.2.0/28",
  "nat=20.60.0.0/29",
  "firewall=20.70.0.1",
  "azure=20.0.0.0/8",
  "onpremises=193.99.144.0/24",
].join(" ");

const local = {
  SONDE_LOCAL_HOST: "1",
  SONDE_TARGETS: "@private @public @loopback",
};

async function look(pairs: Readonly<Record<string, string>> = {}, more: Environment = {}) {
  const edge = localEdge({ ...local, ...more });
  const report = await ask(outbound, Object.entries(pairs), edge);
  const samples = report.result["samples"];
  return {
    report,
    egress: egressSheet.facts.parse(report.result["egress"]),
    samples: Array.isArray(samples) ? samples : [],
    codes: report.findings.map((one) => one.code),
  };
}

let sights: Sight[] = [];

beforeEach(() => {
  sights = [];
  leaveBy();
  intercept();
  furnish("wall", "filter hook output priority filter;", []);
});

describe("the fixed providers, each at its own name", () => {
  beforeEach(async () => {
    sights = await operators("operators");
  });

  test("all of them tell the address, over every method, from a socket each", async () => {
    leaveBy(through4("20.50.1.2"));
    const { report, egress, samples } = await look();
    expect(report).toMatchObject({ verdict: "pass", findings: [] });
    expect(report.summary).toBe("PASS leaves from 20.50.1.2");
    expect(samples.map(({ on }) => on)).toEqual([
      "ipify IPv4",
      "icanhazip IPv4",
      "amazon IPv4",
      "opendns IPv4",
      "google-dns IPv4",
      "cloudflare IPv4",
      "cloudflare-dns IPv4",
      "cloudflare-doh IPv4",
      "cloudflare-stun IPv4",
    ]);
    expect(egress).toMatchObject({
      addresses: [{ address: "20.50.1.2", family: 4, seen: 9 }],
      agrees: true,
      verdict: "unjudged",
      samples: { planned: 9, counted: 9 },
      snatPorts: 9,
    });
    expect(new Set(egress.matrix.map(({ method }) => method))).toEqual(
      new Set(["https", "dns", "stun"]),
    );
    expect(report.steps.filter(({ verdict }) => verdict === "skip")).toEqual([]);
    expect(sights).toHaveLength(9);
    expect(new Set(sights.map(({ port }) => port)).size).toBe(9);
  });

  test.each([
    ["20.50.1.3", "platform", ["outbound.own_way_unused"]],
    ["20.50.2.5", "possible", ["outbound.own_way_unused"]],
    ["20.60.0.3", "nat-gateway", []],
    ["20.70.0.1", "firewall", []],
    ["20.88.1.1", "region", []],
    ["193.99.144.80", "on-premises", []],
    ["185.10.20.30", "unexpected", ["outbound.unexpected"]],
  ])("leaving as %s is %s", async (address, verdict, found) => {
    leaveBy(through4(address));
    const { egress, codes } = await look({ method: "https" }, { SONDE_EXPECTED_OUTBOUND });
    expect(egress.addresses.map((one) => one.address)).toEqual([address]);
    expect(egress.verdict).toBe(verdict);
    expect(codes).toEqual(found);
  });

  test("a list without a way of one's own accuses nobody", async () => {
    leaveBy(through4("20.50.1.2"));
    const { egress, codes } = await look({ method: "https", expect: "outbound=20.50.1.2" });
    expect(egress.verdict).toBe("platform");
    expect(codes).toEqual([]);
  });

  test("two ways, by port: mixed, with who saw which, and what others may be", async () => {
    leaveBy(
      "meta nfproto ipv4 tcp dport 443 snat ip to 20.60.0.3",
      "meta nfproto ipv4 udp dport { 53, 3478 } snat ip to 20.70.0.1",
    );
    const { report, egress, codes } = await look({}, { SONDE_EXPECTED_OUTBOUND });
    expect(egress).toMatchObject({ verdict: "mixed", agrees: false });
    expect(codes).toEqual(["outbound.differs"]);
    expect(report.findings[0]?.evidence).toBe(
      "20.60.0.3 by ipify (https), cloudflare (https), amazon (https), cloudflare (dns); " +
        "20.70.0.1 by opendns (dns), google (dns), cloudflare (dns), cloudflare (stun)",
    );
    const text = surfaces.find(({ name }) => name === "text")?.write(report, sheets) ?? "";
    expect(text.replaceAll(/\s+/g, " ")).toContain("2 distinct in 9 samples; others are possible");
    expect(report.notProved.join()).toContain("no other address is used");
  });

  test("a pool: the same operator sees several, and not all of them", async () => {
    leaveBy(
      "meta nfproto ipv4 snat ip to numgen inc mod 3 map { 0 : 20.60.0.1, 1 : 20.60.0.2, 2 : 20.60.0.3 }",
    );
    const { egress, codes } = await look({
      method: "https",
      samples: "2",
      expect: "nat=20.60.0.0/29",
    });
    expect(egress).toMatchObject({ verdict: "nat-gateway", samples: { planned: 8, counted: 8 } });
    expect(egress.addresses).toHaveLength(3);
    expect(egress.matrix.some(({ addresses }) => addresses.length > 1)).toBe(true);
    expect(codes).toEqual(["outbound.differs"]);
  });

  test("IPv6 is asked on its own, by several operators", async () => {
    leaveBy(through4("20.50.1.2"), "meta nfproto ipv6 snat ip6 to 2a01:111::7");
    const { egress, codes, report } = await look({ family: "both" });
    expect(codes).toEqual([]);
    expect(report.verdict).toBe("pass");
    expect(egress).toMatchObject({ agrees: true, samples: { planned: 10, counted: 10 } });
    expect(egress.addresses).toMatchObject([
      { address: "20.50.1.2", family: 4, seen: 5 },
      { address: "2a01:111::7", family: 6, seen: 5 },
    ]);
    const six = egress.addresses[1]?.operators ?? [];
    expect(six.toSorted()).toEqual(["cloudflare", "ipify", "opendns"]);
    const alone = await look({ family: "6", expect: "nat=2a01:111::/64" });
    expect(alone.egress).toMatchObject({ verdict: "nat-gateway", addresses: [{ family: 6 }] });
  });

  test("STUN and another Sonde show the port that was really used", async () => {
    leaveBy(through4("20.60.0.1"));
    const SONDE_OUTBOUND_ECHO = `http://${sondeAt.publicly}/api/echo?code=PLANTED`;
    const { report, samples } = await look({}, { SONDE_OUTBOUND_ECHO });
    const [own] = samples;
    expect(own).toMatchObject({
      on: "echo IPv4",
      sample: { method: "echo", address: "20.60.0.1", port: expect.any(Number) },
    });
    const stun = samples.find(({ on }) => on === "cloudflare-stun IPv4");
    const seen = sights.find(({ by }) => by === "162.159.207.0");
    expect(stun.sample).toMatchObject({ address: "20.60.0.1", port: seen?.port });
    for (const surface of surfaces) {
      expect(surface.write(report, sheets), surface.name).not.toContain("PLANTED");
    }
  });

  test("a private path to another Sonde is no way to the internet, and does not count", async () => {
    leaveBy(
      `ip daddr ${sondeAt.privately} snat ip to 10.20.2.7`,
      `ip daddr != ${sondeAt.privately} snat ip to 20.60.0.1`,
    );
    const SONDE_OUTBOUND_ECHO = `http://${sondeAt.privately}/api/echo`;
    const { egress, codes } = await look({ expect: "nat=20.60.0.1" }, { SONDE_OUTBOUND_ECHO });
    expect(egress).toMatchObject({
      verdict: "nat-gateway",
      discarded: [{ operator: "own echo", address: "10.20.2.7" }],
    });
    expect(codes).toEqual(["outbound.artefact"]);
  });

  test.each(["reject", "drop"] as const)(
    "internet that is shut (%s), with a private path: closed, which leads and is no error",
    async (how) => {
      shut(how, "443, 53, 3478");
      leaveBy(`ip daddr ${sondeAt.privately} snat ip to 10.20.2.7`);
      const SONDE_OUTBOUND_ECHO = `http://${sondeAt.privately}/api/echo`;
      const { report, egress, codes } = await look({ timeoutMs: "500" }, { SONDE_OUTBOUND_ECHO });
      expect(egress).toMatchObject({ verdict: "closed", addresses: [] });
      expect(codes[0]).toBe("outbound.closed");
      expect(codes).not.toContain("outbound.no_egress");
      expect(report).toMatchObject({ verdict: "warn", ok: true });
      expect(report.findings[0]?.evidence).toContain("10.20.2.7");
    },
    30_000,
  );

  test.each(["reject", "drop"] as const)(
    "no way out at all (%s) leads, with causes",
    async (how) => {
      shut(how, "443, 53, 3478");
      const { report, egress, codes } = await look({ timeoutMs: "500" });
      expect(egress).toMatchObject({ verdict: "none", addresses: [], samples: { planned: 9 } });
      expect(codes[0]).toBe("outbound.no_egress");
      expect(codes).not.toContain("outbound.closed");
      expect(report.verdict).toBe("fail");
      expect(report.findings[0]?.rivals.length).toBeGreaterThan(3);
    },
    30_000,
  );

  test("an address of the operator itself is a proxy's, and discarded", async () => {
    leaveBy(
      "ip daddr 104.16.123.96 snat ip to 104.24.0.9",
      "ip daddr != 104.16.123.96 snat ip to 20.50.1.2",
    );
    const { egress, codes } = await look();
    expect(egress.addresses).toMatchObject([{ address: "20.50.1.2", seen: 8 }]);
    expect(egress.discarded).toMatchObject([{ operator: "cloudflare", address: "104.24.0.9" }]);
    expect(codes).toEqual(["outbound.artefact"]);
  });

  test("name servers that are intercepted disagree with the rest, and are not believed over it", async () => {
    await scriptedDns(
      (heard) =>
        heard.name.startsWith("o-o.myaddr")
          ? whoami(heard, "40.1.2.3")
          : reply(heard, { rcode: heard.name.startsWith("whoami") ? 5 : 3 }),
      { host: sondeAt.privately, port: 53 },
    );
    intercept(`ip protocol udp udp dport 53 dnat ip to ${sondeAt.privately}`);
    leaveBy(`ip daddr != ${sondeAt.privately} snat ip to 20.70.0.1`);
    const { report, egress, codes, samples } = await look({}, { SONDE_EXPECTED_OUTBOUND });
    expect(egress.addresses.map(({ address, operators: by }) => [address, by])).toEqual([
      ["20.70.0.1", ["ipify", "cloudflare", "amazon"]],
      ["40.1.2.3", ["google"]],
    ]);
    // Nobody else knows this name, so whoever answered was not asked.
    const opendns = samples.find(({ on }) => on === "opendns IPv4");
    expect(opendns).toMatchObject({ stopped: { stage: "sample" } });
    expect(codes).toContain("outbound.differs");
    const differs = report.findings.find(({ code }) => code === "outbound.differs");
    expect(differs?.rivals.join()).toContain("intercepted");
  });

  test("what expect= states must hold; the setting only says how to judge", async () => {
    leaveBy(through4("20.50.1.2"));
    const stated = await look({ method: "https", expect: "nat=20.60.0.0/29,20.61.0.1" });
    expect(stated.report.expected).toMatchObject([
      { key: "egress", ok: false, wanted: "nat=20.60.0.0/29,20.61.0.1", actual: "20.50.1.2" },
    ]);
    const set = await look({ method: "https" }, { SONDE_EXPECTED_OUTBOUND: "nat=20.60.0.0/29" });
    expect(set.report.expected).toEqual([]);
    expect(set.codes).toEqual(["outbound.unexpected"]);
  });
});

describe("source", () => {
  const ip = (...words: readonly string[]) =>
    execFileSync(find("ip") ?? "ip", words, { encoding: "utf8" });
  const nft = find("nft") ?? "nft";
  const count = `
table inet seen {
  chain out {
    type filter hook output priority filter;
    meta l4proto { tcp, udp } counter
  }
}`;
  const sent = () =>
    /packets (\d+)/.exec(
      execFileSync(nft, ["list", "table", "inet", "seen"], { encoding: "utf8" }),
    );
  const interfaces: Host["interfaces"] = () =>
    Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
      all.map(({ address }) => ({ name, address })),
    );
  const sourceOf = async (source: string) =>
    ask(outbound, [["source", source]], localEdge(local, "", { interfaces }));

  test("is the address and the interface of the route, in each family, and nothing is sent", async () => {
    ip("link", "add", "subnet0", "type", "veth", "peer", "name", "subnet1");
    ip("addr", "add", "10.30.0.7/24", "dev", "subnet0");
    ip("addr", "add", "fd30::7/64", "dev", "subnet0", "nodad");
    for (const end of ["subnet0", "subnet1"]) ip("link", "set", end, "up");
    execFileSync(nft, ["-f", "-"], { input: count });
    const near = await sourceOf("10.30.0.99:1433");
    const six = await sourceOf("[fd30::99]:443");
    const own = await sourceOf("20.50.1.2:443");
    const sources = [near, six, own].map(({ result }) => result["addresses"]);
    expect(sources).toMatchObject([
      [{ source: { localAddress: "10.30.0.7", class: "private", interface: "subnet0" } }],
      [{ source: { localAddress: "fd30::7", class: "unique-local", interface: "subnet0" } }],
      [{ source: { localAddress: "20.50.1.2", interface: "lo" } }],
    ]);
    expect(near.summary).toContain("from 10.30.0.7");
    expect(sent()?.[1]).toBe("0");
  });

  test("without a route it is a no, and no error", async () => {
    const report = await sourceOf("10.99.0.1:1433");
    expect(report).toMatchObject({ verdict: "fail", result: { addresses: [{ stopped: {} }] } });
    expect(report.findings[0]?.code).toMatch(/unreachable$/);
  });
});

test("TLS that is inspected: the addresses count, and the issuer is named", async () => {
  await operators("inspecting");
  leaveBy(through4("20.70.0.1"));
  const { report, egress, codes } = await look({}, { SONDE_EXPECTED_OUTBOUND });
  expect(egress).toMatchObject({ verdict: "firewall", samples: { counted: 9 } });
  expect(codes).toEqual(["outbound.inspected"]);
  expect(report.findings[0]).toMatchObject({
    evidence: expect.stringContaining("strangerCa"),
    on: expect.arrayContaining(["ipify IPv4", "cloudflare-doh IPv4"]),
  });
});
