import { describe, expect, test } from "vitest";
import { locateSheet } from "../../lib/facts/locate.ts";
import { sheets } from "../../lib/facts/index.ts";
import type { Environment } from "../../lib/here.ts";
import { vantage } from "../../lib/probes/vantage.ts";
import { surfaces } from "../../lib/surfaces/index.ts";
import { ask, localEdge } from "../asking.ts";
import { mark, recorded } from "../platform/environments.ts";

const look = (environment: Environment, resolvConf = "") =>
  ask(vantage, [], localEdge(environment, resolvConf));

const locateOf = (report: { result: object }) =>
  locateSheet.facts.parse(Reflect.get(report.result, "locate"));

describe.each(recorded.map((each) => [each.name, each] as const))("%s", (_name, each) => {
  test("shows every fact of its place, and no secret in any format", async () => {
    const report = await look({ ...each.environment, HTTPS_PROXY: `http://u:${mark}@proxy:3128` });
    const facts = locateOf(report);
    for (const key of ["platform", "plan", "region", "slot", "privateIp"] as const) {
      if (!Object.hasOwn(each.expected, key)) continue;
      expect(facts[key], key).toBe(each.expected[key] ?? "unknown");
    }
    expect(facts.proxies).toEqual(["HTTPS_PROXY"]);
    for (const surface of surfaces) {
      expect(surface.write(report, sheets), surface.name).not.toContain(mark);
    }
  });
});

describe("what it shows", () => {
  test("is unknown where the environment does not tell", async () => {
    const facts = locateOf(await look({ WEBSITE_INSTANCE_ID: "0123456789abcdef" }));
    expect(facts).toMatchObject({
      app: "unknown",
      region: "unknown",
      privateIp: "unknown",
      routeAll: "unknown",
    });
  });

  test("names the server of each source, versions and limits", async () => {
    const environment = {
      WEBSITE_INSTANCE_ID: "0123456789abcdef",
      WEBSITE_DNS_SERVER: "10.0.0.4",
      WEBSITE_DNS_ATTEMPTS: "3",
      FUNCTIONS_EXTENSION_VERSION: "~4",
      WEBSITE_PLATFORM_VERSION: mark,
      WEBSITE_RELAYS: `db.corp.example:1433;SharedAccessKey=${mark}`,
    };
    const facts = locateOf(await look(environment, "nameserver 127.0.0.11\n"));
    expect(facts).toMatchObject({
      dnsServers: ["10.0.0.4", "127.0.0.11"],
      dns: { servers: ["10.0.0.4"], attempts: 3 },
      hybridConnections: ["db.corp.example:1433"],
      limits: { requestMs: 230_000, snatPorts: 128 },
      interfaces: [{ name: "lo", address: "127.0.0.1", class: "loopback" }],
    });
    expect(facts.versions).toMatchObject({ functions: "~4" });
    expect(facts.versions).not.toHaveProperty("platform");
  });

  test("names variables of the platform and only counts the others", async () => {
    const facts = locateOf(await look({ WEBSITE_SKU: "Basic", [mark]: "x", Orders__Db: mark }));
    expect(facts.variables).toEqual(["WEBSITE_SKU"]);
    expect(facts.otherVariables).toBe(2);
  });

  test.each([
    ["prod: orders|Red", { text: "prod: orders", colour: "red" }],
    ["a|b | blue", undefined],
    ["staging", { text: "staging", colour: "grey" }],
    ["", undefined],
  ])("carries the banner %s to the page", async (banner, expected) => {
    expect(locateOf(await look({ SONDE_BANNER: banner })).banner).toEqual(expected);
  });

  test("says in text what the network is to it, and in one line what is not told", async () => {
    const environment = {
      WEBSITE_INSTANCE_ID: "0123456789abcdef",
      WEBSITE_SKU: "ElasticPremium",
      WEBSITE_CONTENTOVERVNET: "1",
      WEBSITE_PULL_IMAGE_OVER_VNET: "true",
      SONDE_BESIDE: "app=orders subnet=10.20.2.0/24 date=2026-11-20",
    };
    const text = surfaces.find(({ name }) => name === "text");
    const said = (text?.write(await look(environment), sheets) ?? "").replaceAll(/\s+/g, " ");
    expect(said).toContain(
      "VNet expected by WEBSITE_CONTENTOVERVNET, SONDE_BESIDE; " +
        "reaches the content share and the image through it",
    );
    expect(said).toContain("Written down subnet 10.20.2.0/24, on 2026-11-20");
    expect(said).toContain(
      "Unknown slot, region, private address, route all: the environment does not show it",
    );
    expect(said).toContain("230 s for a request");
  });

  test("says in text for whom it stands", async () => {
    const environment = {
      WEBSITE_INSTANCE_ID: "0123456789abcdef",
      WEBSITE_SITE_NAME: "sonde",
      WEBSITE_PRIVATE_IP: "10.20.2.7",
      SONDE_BESIDE: "app=orders subnet=10.20.2.0/24",
    };
    const report = await look(environment);
    const text = surfaces.find(({ name }) => name === "text")?.write(report, sheets) ?? "";
    expect(text.replaceAll(/\s+/g, " ")).toContain("stands for orders (same subnet)");
  });
});

describe("a finding", () => {
  const worker = { WEBSITE_INSTANCE_ID: "0123456789abcdef", WEBSITE_SKU: "PremiumV3" };
  const inside = { ...worker, WEBSITE_PRIVATE_IP: "10.20.2.7" };
  const codes = async (environment: Environment, resolvConf = "") =>
    (await look(environment, resolvConf)).findings.map((one) => one.code);

  test.each<[string, Environment, Environment]>([
    [
      "vantage.no_private_ip",
      { ...worker, WEBSITE_VNET_ROUTE_ALL: "1" },
      { ...inside, WEBSITE_VNET_ROUTE_ALL: "1" },
    ],
    ["vantage.no_private_ip", { ...worker, WEBSITE_CONTENTOVERVNET: "1" }, worker],
    [
      "vantage.no_private_ip",
      { ...worker, WEBSITE_VNET_ROUTE_ALL: "1" },
      { ...worker, WEBSITE_VNET_ROUTE_ALL: "1", WEBSITE_SKU: "IsolatedV2" },
    ],
    [
      "vantage.no_private_ip",
      { ...worker, SONDE_BESIDE: "app=orders subnet=10.0.0.0/24" },
      {
        WEBSITE_POD_NAME: "0--a",
        LEGION_SERVICE_HOST: "10.0.0.1",
        SONDE_BESIDE: "app=orders subnet=10.0.0.0/24",
      },
    ],
    [
      "vantage.alternative_without_primary",
      { ...worker, WEBSITE_DNS_ALT_SERVER: "10.0.0.5" },
      { ...worker, WEBSITE_DNS_ALT_SERVER: "10.0.0.5", WEBSITE_DNS_SERVER: "10.0.0.4" },
    ],
    [
      "vantage.alternative_without_primary",
      { ...worker, WEBSITE_DNS_ALT_SERVER: "10.0.0.5" },
      { CONTAINER_APP_NAME: "orders", WEBSITE_DNS_ALT_SERVER: "10.0.0.5" },
    ],
    [
      "vantage.dns_override",
      { ...inside, WEBSITE_DNS_SERVER: "10.0.0.4" },
      { ...worker, WEBSITE_DNS_SERVER: "10.0.0.4" },
    ],
    ...[
      "10.0.0.4, 10.0.0.5",
      "10.0.0.4;10.0.0.5",
      "dns.corp.example",
      "10.0.0.4,",
      "1.1.1.1,".repeat(6) + "1.1.1.1",
    ].map((list): [string, Environment, Environment] => [
      "vantage.dns_unreadable",
      { ...inside, WEBSITE_DNS_SERVER: list },
      { ...inside, WEBSITE_DNS_SERVER: "10.0.0.4,10.0.0.5" },
    ]),
    [
      "vantage.slot_dns",
      { ...worker, WEBSITE_SLOT_NAME: "blue", WEBSITE_DNS_SERVER: "10.0.0.4" },
      { ...worker, WEBSITE_SLOT_NAME: "Production", WEBSITE_DNS_SERVER: "10.0.0.4" },
    ],
    ["vantage.outbound_only", inside, worker],
    [
      "vantage.outbound_only",
      inside,
      // An environment of one's own, and container apps, are inside with both directions.
      { ...inside, WEBSITE_SKU: "IsolatedV2" },
    ],
    [
      "vantage.no_integration_here",
      { ...worker, WEBSITE_SKU: "Dynamic" },
      { ...worker, WEBSITE_SKU: "FlexConsumption" },
    ],
  ])("%s is drawn, and not from the near miss", async (code, environment, nearMiss) => {
    expect(await codes(environment)).toContain(code);
    expect(await codes(nearMiss)).not.toContain(code);
  });

  test("vantage.ase_dns_restart is drawn where the network's servers are asked", async () => {
    const isolated = { ...worker, WEBSITE_SKU: "IsolatedV2" };
    const asked = "nameserver 10.0.0.4\n";
    expect(await codes(isolated, asked)).toContain("vantage.ase_dns_restart");
    expect(await codes(isolated)).not.toContain("vantage.ase_dns_restart");
    expect(await codes(worker, asked)).not.toContain("vantage.ase_dns_restart");
  });
});
