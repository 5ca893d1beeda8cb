import { describe, expect, test } from "vitest";
import * as z from "zod";
import { answerCompare } from "../../lib/api/compare.ts";
import type { Environment } from "../../lib/here.ts";
import { represents } from "../../lib/facts/represents.ts";
import { vantageOf } from "../../lib/platform/vantage.ts";
import { localEdge } from "../asking.ts";

const mark = "PLANTED";
const group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg";
const subnet =
  `${group}/providers/Microsoft.Network/virtualNetworks/hub/subnets/apps`.toLowerCase();

const webapp = {
  id: `${group}/providers/Microsoft.Web/sites/orders`,
  type: "Microsoft.Web/sites",
  virtualNetworkSubnetId: subnet,
  vnetRouteAllEnabled: true,
  dnsConfiguration: { dnsServers: ["10.0.0.4", mark] },
  customDomainVerificationId: mark,
};
const appsettings = [
  { name: "WEBSITE_LOAD_CERTIFICATES", value: "*", slotSetting: false },
  { name: "HTTPS_PROXY", value: `http://user:${mark}@proxy.corp:3128` },
  { name: "Db", value: `Server=x;Password=${mark}` },
];

const sonde: Environment = {
  WEBSITE_SITE_NAME: "sonde",
  WEBSITE_INSTANCE_ID: "0123456789abcdef",
  WEBSITE_PRIVATE_IP: "10.20.2.7",
  WEBSITE_VNET_ROUTE_ALL: "1",
  WEBSITE_DNS_SERVER: "10.0.0.4",
  WEBSITE_LOAD_CERTIFICATES: "*",
  SONDE_BESIDE: `app=orders subnet=${subnet}`,
};

async function compare(body: unknown, environment = sonde, query = "") {
  const lines: string[] = [];
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const url = `http://localhost/api/vantage/compare${query}`;
  const request = { method: "POST", url, headers: [], text: async () => text };
  const answer = await answerCompare(request, localEdge(environment), (line) => lines.push(line));
  expect(`${answer.body}${lines.join("")}`).not.toContain(mark);
  return answer;
}

const answered = z.object({ represents, beside: z.string(), kept: z.unknown() });
const read = async (...given: Parameters<typeof compare>) =>
  answered.parse(JSON.parse((await compare(...given)).body));

describe("what is pasted", () => {
  test("is held against the settings of this place, aspect by aspect", async () => {
    const found = await read({ webapp, appsettings });
    expect(found.represents).toEqual({
      app: "orders",
      basis: "same-subnet",
      same: ["subnet", "routing", "dns", "certificates"],
      differs: ["proxies"],
      unknown: ["hybrid connections"],
    });
  });

  test("may differ in every setting", async () => {
    const more = {
      ...sonde,
      WEBSITE_VNET_ROUTE_ALL: "0",
      WEBSITE_DNS_SERVER: "10.0.0.5",
      WEBSITE_LOAD_CERTIFICATES: "",
      SONDE_BESIDE: `app=orders subnet=${subnet}2`,
    };
    const found = await read({ webapp, appsettings }, more);
    expect(found.represents).toMatchObject({
      basis: "unknown",
      same: [],
      differs: ["subnet", "routing", "dns", "certificates", "proxies"],
    });
  });

  test.each<[string, Environment, string]>([
    [
      "a prefix there and a resource id here",
      { SONDE_BESIDE: "app=orders subnet=10.20.2.0/24" },
      "unknown",
    ],
    ["no address of this instance", { WEBSITE_PRIVATE_IP: "" }, "unknown"],
    ["another resource id", { SONDE_BESIDE: `app=orders subnet=${subnet}2` }, "differs"],
  ])("of the subnet: %s", async (_what, more, verdict) => {
    const found = await read(webapp, { ...sonde, ...more });
    expect(found.represents[verdict === "differs" ? "differs" : "unknown"]).toContain("subnet");
  });

  test("differs in DNS where the app leaves it to the network and Sonde has servers of its own", async () => {
    const plain = { ...webapp, dnsConfiguration: { dnsServers: [] } };
    const found = await read({ webapp: plain, appsettings });
    expect(found.represents.differs).toContain("dns");
    // The configuration alone does not show the settings, which may name the same servers.
    expect((await read(plain)).represents.unknown).toContain("dns");
  });

  test("proves nothing where one side is silent", async () => {
    const silent = { WEBSITE_SITE_NAME: "sonde", WEBSITE_INSTANCE_ID: "0123456789abcdef" };
    const found = await read({ webapp }, silent);
    expect(found.represents).toMatchObject({ same: [], differs: [] });
    expect(found.represents.unknown).toHaveLength(6);
  });

  test("is kept as network settings alone, and gives a line for SONDE_BESIDE", async () => {
    const found = await read({ webapp, appsettings });
    expect(found.kept).toMatchObject({
      dnsServers: ["10.0.0.4"],
      settings: [
        { name: "HTTPS_PROXY", value: "proxy.corp:3128" },
        { name: "WEBSITE_LOAD_CERTIFICATES", value: "*" },
      ],
    });
    expect(found.beside).toMatch(
      /^app=orders subnet=\/subscriptions\/\S+ settings=[0-9a-f]{16} date=/,
    );
  });

  test("may be one output alone: the app itself, its configuration, or its settings", async () => {
    expect((await read(webapp)).represents).toMatchObject({ same: ["subnet", "routing", "dns"] });
    const config = { id: `${webapp.id}/config/web`, vnetRouteAllEnabled: false };
    expect((await read(config)).represents).toMatchObject({
      app: "orders",
      differs: ["routing"],
    });
    expect((await read(appsettings)).represents).toMatchObject({ differs: ["proxies"] });
  });

  test("is set side by side for a person, in at most 100 columns", async () => {
    const answer = await compare({ webapp, appsettings }, sonde, "?format=text");
    expect(answer).toMatchObject({
      status: 200,
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    });
    expect(answer.body.replaceAll(/\d{4}-\d\d-\d\d|settings=\w+/g, "…")).toMatchInlineSnapshot(`
      "This place stands for orders (same subnet)

        subnet              same: hub/apps
        routing             same: true
        dns                 same: 10.0.0.4
        hybrid connections  unknown: neither side tells
        certificates        same: WEBSITE_LOAD_CERTIFICATES=*
        proxies             differs: here none; there HTTPS_PROXY=proxy.corp:3128

      SONDE_BESIDE=app=orders subnet=/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/rg/providers/microsoft.network/virtualnetworks/hub/subnets/apps … date=…
      "
    `);
    for (const line of answer.body.split("\n").slice(0, -2)) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  test("cannot tell hybrid connections: those of this place are listed, without their keys", async () => {
    const relays = { WEBSITE_RELAYS: `db.corp.example:1433;SharedAccessKey=${mark}` };
    const { body } = await compare({ webapp }, { ...sonde, ...relays }, "?format=text");
    expect(body).toMatch(
      /hybrid connections +unknown: here db\.corp\.example:1433; there not told/,
    );
  });

  test.each([
    ["?format=markdown", "format must be one of json, text"],
    ["?from=text", "the parameter from is not known"],
  ])("in another form is refused: %s", async (query, detail) => {
    const { status, body } = await compare({ webapp }, sonde, query);
    expect(status).toBe(400);
    expect(body).toContain(detail);
  });

  test("may have its properties one level deeper, as other commands and the REST API print them", async () => {
    const { id, type, ...properties } = webapp;
    const { vnetRouteAllEnabled, ...plain } = properties;
    const deep = { id, type, properties: { ...plain, siteConfig: null } };
    const nested = { ...deep, siteConfig: { vnetRouteAllEnabled } };
    expect((await read(deep)).represents).toMatchObject({ app: "orders", same: ["subnet", "dns"] });
    expect((await read(nested)).represents.same).toContain("routing");
  });

  test("of this very app is the same in everything", async () => {
    const own = { id: `${group}/providers/Microsoft.Web/sites/sonde` };
    expect((await read(own)).represents).toMatchObject({ basis: "same-site", unknown: [] });
  });

  test.each([
    ["[1,2]", "az webapp config appsettings list"],
    [
      '[{"name":"orders","id":"/subscriptions/0","state":"Running"}]',
      "objects with name and value",
    ],
    ['{"webapp":{},"appsettings":{"A":"b"}}', "appsettings: a list must be"],
    ['{"webapp":{},"confg":{}}', "only webapp, config, appsettings"],
    ['{"webapp":1,"appsettings":[]}', "webapp must be the object"],
    ['{"config":[],"appsettings":[]}', "config must be the object"],
  ])("that would be taken for an app without settings is a 400: %s", async (text, why) => {
    const { status, body } = await compare(text);
    expect(status).toBe(400);
    expect(body).toContain(why);
  });

  test("of an app without settings, or with one that refers to a vault, is a list all the same", async () => {
    expect((await read([])).represents.differs).toEqual(["certificates"]);
    expect(await compare([{ name: "A", value: null, slotSetting: false }])).toMatchObject({
      status: 200,
    });
  });

  test("is unknown where both sides are only known to be set", async () => {
    const hidden = { NODE_EXTRA_CA_CERTS: "/ca.pem", NO_PROXY: "a.example" };
    const others = { NODE_EXTRA_CA_CERTS: "/other.pem", NO_PROXY: "b.example" };
    const pasted = Object.entries(others).map(([name, value]) => ({ name, value }));
    const environment = { ...sonde, WEBSITE_LOAD_CERTIFICATES: "", ...hidden };
    const { represents: found, beside } = await read(pasted, environment);
    expect(found.unknown).toEqual(expect.arrayContaining(["certificates", "proxies"]));
    // The same by the fingerprint that the deployment wrote down.
    const later = vantageOf({ ...environment, SONDE_BESIDE: beside }, "0").represents;
    expect(later.unknown).toEqual(expect.arrayContaining(["certificates", "proxies"]));
  });

  test("is unknown in DNS where neither list can be read", async () => {
    const unreadable = { WEBSITE_DNS_SERVER: "dns.corp" };
    const pasted = [{ name: "WEBSITE_DNS_SERVER", value: "other.corp" }];
    expect((await read(pasted, { ...sonde, ...unreadable })).represents.unknown).toContain("dns");
  });

  test("tells a proxy's port by its scheme", async () => {
    const pasted = [{ name: "HTTPS_PROXY", value: "https://proxy.corp" }];
    expect((await compare(pasted)).body).toContain("proxy.corp:443");
  });

  test.each(["", "{", "7", "null", "{}", '"text"', `{"a":"${mark}"}`])(
    "that is nothing of the kind is a 400: %s",
    async (text) => {
      expect(await compare(text)).toMatchObject({ status: 400 });
    },
  );
});
