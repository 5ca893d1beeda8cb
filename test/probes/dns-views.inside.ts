/** Runs inside the host that dns-views.test.ts furnishes. */
import { beforeAll, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import type { Environment } from "../../lib/here.ts";
import { dns } from "../../lib/probes/dns.ts";
import { ask, localEdge } from "../asking.ts";
import { a, reply, scriptedDns, type ScriptedDns } from "../servers/scripted-dns.ts";

const known: Readonly<Record<string, string>> = {
  "plain.example.test.": "10.0.0.4",
  "short.corp.test.": "10.0.0.5",
  "deep.example.test.": "10.0.0.6",
};

const resolvConf = "nameserver 10.9.8.7\nsearch corp.test svc.test\noptions ndots:2\n";
const local = { SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@private @public @loopback" };

let server: ScriptedDns;

beforeAll(async () => {
  for (const host of ["10.9.8.7", "10.9.8.8", "127.0.0.11", "168.63.129.16"]) {
    const one = await scriptedDns(
      (heard) => {
        const address = known[heard.name];
        if (address === undefined) return reply(heard, { rcode: 3 });
        return reply(heard, { answers: heard.type === "A" ? [a(heard.name, address)] : [] });
      },
      { host, port: 53 },
    );
    if (host === "10.9.8.7") server = one;
  }
});

const asking = (
  name: string,
  { more = [], environment = local, conf = resolvConf }: Partial<Place> = {},
) => ask(dns, [["name", name], ["timeoutMs", "1500"], ...more], localEdge(environment, conf));

interface Place {
  readonly more: Pair[];
  readonly environment: Environment;
  readonly conf: string;
}

const codes = async (...asked: Parameters<typeof asking>) =>
  (await asking(...asked)).findings.map(({ code }) => code);

test("the system's view and the server's stand side by side", async () => {
  const report = await asking("plain.example.test");
  expect(report).toMatchObject({ verdict: "pass", findings: [] });
  expect(report.result["servers"]).toMatchObject([
    { on: "system", query: { transport: "system", addresses: [{ address: "10.0.0.4" }] } },
    {
      on: "10.9.8.7:53",
      query: { origin: "/etc/resolv.conf", addresses: [{ address: "10.0.0.4", class: "private" }] },
    },
  ]);
});

test("a name of the hosts file is seen by the application and known to no server", async () => {
  const report = await asking("hosts.example.test");
  expect(report.findings.map(({ code }) => code)).toContain("dns.system_differs");
  expect(report.result["servers"]).toMatchObject([
    { on: "system", query: { addresses: [{ address: "10.1.1.1" }] } },
    { stopped: { code: "dns.nxdomain" } },
  ]);
  expect(await codes("plain.example.test")).not.toContain("dns.system_differs");
});

test("a hybrid connection is in effect where the application alone has an answer", async () => {
  const listed = (host: string) => ({ environment: { ...local, WEBSITE_RELAYS: `${host}:1433` } });
  const found = async (name: string, place: Partial<Place>) =>
    (await asking(name, place)).findings.map(({ code }) => code);
  // The hosts file stands for the platform's hook, which is not to be had outside of Azure.
  const name = "hosts.example.test";
  expect(await found(name, listed(name))).toContain("dns.hybrid_connection");
  expect(await found(name, listed(name))).not.toContain("dns.system_differs");
  expect(await found(name, listed("other.example.test"))).not.toContain("dns.hybrid_connection");
  expect(await found("plain.example.test", listed("plain.example.test"))).not.toContain(
    "dns.hybrid_connection",
  );
  const nobody = "nobody.example.test";
  expect(await found(nobody, listed(nobody))).toContain("dns.hybrid_not_in_effect");
  expect(await found(nobody, listed(name))).not.toContain("dns.hybrid_not_in_effect");
});

test("a hosts file with IPv6 only: the application finds no address of the other family", async () => {
  expect(await codes("six.example.test")).toContain("dns.ipv6_only");
  expect(await codes("nobody.example.test")).not.toContain("dns.ipv6_only");
});

test("the search list applies to both views, as far as the name has few dots", async () => {
  const before = server.heard.length;
  const report = await asking("short");
  expect(report.result["servers"]).toMatchObject([
    { query: { addresses: [{ address: "10.0.0.5" }], search: { length: 3 } } },
    { query: { question: { name: "short.corp.test." }, addresses: [{ address: "10.0.0.5" }] } },
  ]);
  // The name with a final dot, as it stands, would be another: what counts is the one that answered.
  expect(report.findings.map(({ code }) => code)).not.toContain("dns.search_cost");
  const names = server.heard.slice(before).map(({ name }) => name);
  expect(new Set(names)).toEqual(new Set(["short.corp.test."]));
});

test("a search list that is tried in vain costs questions; a final dot saves them", async () => {
  const conf = resolvConf.replace("ndots:2", "ndots:5");
  const tried = await asking("deep.example.test", { conf });
  expect(tried.findings).toMatchObject([{ code: "dns.search_cost", on: ["10.9.8.7:53"] }]);
  const swapped = resolvConf.replace("corp.test svc.test", "svc.test corp.test");
  expect((await asking("short", { conf: swapped })).findings[0]?.evidence).toBe(
    "before short.corp.test.: short.svc.test.",
  );
  expect(await codes("deep.example.test.", { conf })).not.toContain("dns.search_cost");
  expect(await codes("deep.example.test")).not.toContain("dns.search_cost");
});

test("an alternative server without a primary one, and with it", async () => {
  const alone = { ...local, WEBSITE_DNS_ALT_SERVER: "10.9.8.8" };
  const both = { ...alone, WEBSITE_DNS_SERVER: "10.9.8.7" };
  expect(await codes("plain.example.test", { environment: alone })).toEqual([
    "dns.alternative_alone",
  ]);
  expect(await codes("plain.example.test", { environment: both })).toEqual([]);
});

test("a container platform's forwarder hides whom it asks", async () => {
  const conf = "nameserver 127.0.0.11\n";
  expect(await codes("plain.example.test", { conf })).toEqual(["dns.opaque_resolver"]);
  expect(await codes("plain.example.test")).toEqual([]);
});

test("views=all asks c-ares as well, of the servers that it found by itself", async () => {
  const report = await asking("plain.example.test", { more: [["views", "all"]] });
  expect(report).toMatchObject({ verdict: "pass" });
  expect(report.result["servers"]).toMatchObject([
    { on: "system" },
    { on: "cares", query: { servers: ["10.9.8.7"], answers: [{ data: "10.0.0.4", ttl: 300 }] } },
    { on: "10.9.8.7:53" },
  ]);
  const denied = await asking("nobody.example.test", { more: [["views", "all"]] });
  expect(denied.result["servers"]).toMatchObject([
    {},
    { stopped: { code: "dns.nxdomain", detail: { cares: "ENOTFOUND" } } },
    {},
  ]);
});

test("Azure's own resolver is a labelled second opinion: on Azure, or where it is asked for", async () => {
  const azure = { on: "168.63.129.16:53", query: { origin: "Azure DNS, a second opinion" } };
  const wanted = await asking("plain.example.test", { more: [["azure", "1"]] });
  expect(wanted.result["servers"]).toMatchObject([{}, {}, azure]);
  const environment = { WEBSITE_INSTANCE_ID: "0123456789abcdef", WEBSITE_SITE_NAME: "app" };
  const there = await asking("plain.example.test", { environment });
  expect(there.result["servers"]).toMatchObject([{}, {}, azure]);
  const here = await asking("plain.example.test");
  expect(here.result["servers"]).toHaveLength(2);
});

test("where resolv.conf names Azure's resolver it is asked once, and labelled", async () => {
  const conf = "nameserver 168.63.129.16\n";
  const report = await asking("plain.example.test", { conf, more: [["azure", "1"]] });
  expect(report.result["servers"]).toMatchObject([
    { on: "system" },
    { on: "168.63.129.16:53", query: { origin: "/etc/resolv.conf (Azure DNS)" } },
  ]);
});

test("system and servers over several types keep to their own type", async () => {
  const more: Pair[] = [
    ["type", "A"],
    ["type", "AAAA"],
    ["control", "0"],
  ];
  const report = await asking("plain.example.test", { more });
  expect(report.result["servers"]).toMatchObject([
    { on: "system A" },
    { on: "system AAAA", stopped: { code: "dns.nodata" } },
    { on: "10.9.8.7:53 A" },
    { on: "10.9.8.7:53 AAAA", stopped: { code: "dns.nodata" } },
  ]);
  expect(report.findings.map(({ code }) => code)).toEqual(["dns.ipv4_only", "dns.nodata"]);
});
