import { describe, expect, test } from "vitest";
import type { Environment } from "../../lib/here.ts";
import { besideOf } from "../../lib/platform/beside.ts";
import { fingerprint, networkSettings } from "../../lib/platform/settings.ts";
import { vantageOf } from "../../lib/platform/vantage.ts";

const subscription = "00000000-0000-0000-0000-000000000000";
const group = `/subscriptions/${subscription}/resourceGroups/rg`;
const orders = `${group}/providers/Microsoft.Web/sites/orders`;
const subnet = `${group}/providers/Microsoft.Network/virtualNetworks/hub/subnets/apps`;

const site: Environment = {
  WEBSITE_SITE_NAME: "sonde",
  WEBSITE_SLOT_NAME: "Production",
  WEBSITE_INSTANCE_ID: "0123456789abcdef",
  WEBSITE_SKU: "ElasticPremium",
  WEBSITE_OWNER_NAME: `${subscription}+rg-WestEuropewebspace`,
  WEBSITE_PRIVATE_IP: "10.20.2.7",
};

const standing = (beside: string, more: Environment = {}) =>
  vantageOf({ ...site, ...more, SONDE_BESIDE: beside }, "1").represents;

describe("SONDE_BESIDE", () => {
  test("is read as JSON and as pairs, alike", () => {
    const pairs = { app: orders, subnet: "10.20.2.0/24", samePlan: true, date: "2026-11-20T10:00" };
    const text = `app=${orders} subnet=10.20.2.0/24;samePlan=true date=2026-11-20`;
    expect(besideOf({ SONDE_BESIDE: JSON.stringify(pairs) })).toEqual({
      app: "orders",
      subscription,
      group: "rg",
      subnet: "10.20.2.0/24",
      samePlan: true,
      date: "2026-11-20",
    });
    expect(besideOf({ SONDE_BESIDE: text })).toEqual(
      besideOf({ SONDE_BESIDE: JSON.stringify(pairs) }),
    );
  });

  test.each(["", "Password=PLANTED", "{", "[1]", "app=https://x/?sig=PLANTED"])(
    "%s names nobody",
    (text) => {
      expect(besideOf({ SONDE_BESIDE: text })).toBeUndefined();
      expect(standing(text)).toMatchObject({ app: "unknown", basis: "unknown" });
    },
  );

  test("drops what has not the shape it should have", () => {
    const text = "app=orders subnet=PLANTED settings=PLANTED date=PLANTED environment=a/b";
    expect(besideOf({ SONDE_BESIDE: text })).toEqual({ app: "orders" });
  });
});

describe("it stands", () => {
  test("for itself in everything", () => {
    const own = `${group}/providers/Microsoft.Web/sites/Sonde`;
    expect(standing(own)).toMatchObject({ basis: "same-site", unknown: [], differs: [] });
    expect(standing("sonde")).toMatchObject({ basis: "same-site" });
  });

  test.each([
    ["another slot", `${group}/providers/Microsoft.Web/sites/sonde/slots/blue`],
    [
      "a namesake elsewhere",
      `${group.replace("0000", "1111")}/providers/Microsoft.Web/sites/sonde`,
    ],
  ])("not for %s of the same name", (_what, id) => {
    expect(standing(id)).toMatchObject({ app: "sonde", basis: "unknown" });
  });

  test.each([
    ["10.20.2.0/24", "same-subnet", ["subnet"], []],
    [subnet, "same-subnet", ["subnet"], []],
    ["10.30.0.0/24", "unknown", [], ["subnet"]],
  ])("for an app in %s: %s", (where, basis, same, differs) => {
    expect(standing(`app=orders subnet=${where}`)).toMatchObject({ basis, same, differs });
  });

  test("for one of its own plan, when the deployment says so and the subnet agrees", () => {
    const text = "app=orders samePlan=true subnet=";
    expect(standing(`${text}10.20.2.0/24`).basis).toBe("same-plan-subnet");
    expect(standing(`${text}10.30.2.0/24`).basis).toBe("unknown");
  });

  test("for nobody's subnet without an address of its own", () => {
    const found = standing(`app=orders subnet=${subnet}`, { WEBSITE_PRIVATE_IP: "" });
    expect(found.unknown).toContain("subnet");
  });

  test("for an app of its Container Apps environment", () => {
    const suffix = "gentle-0.westeurope.azurecontainerapps.io";
    const container = { CONTAINER_APP_NAME: "sonde", CONTAINER_APP_ENV_DNS_SUFFIX: suffix };
    const beside = `app=orders environment=${suffix}`;
    expect(vantageOf({ ...container, SONDE_BESIDE: beside }, "1").represents.basis).toBe(
      "same-environment",
    );
    expect(standing(beside).basis).toBe("unknown");
  });
});

describe("the fingerprint of network settings", () => {
  const settings = { WEBSITE_DNS_SERVER: "10.0.0.4", HTTPS_PROXY: "http://u:PLANTED@proxy:3128" };
  const print = fingerprint(networkSettings(Object.entries(settings)));

  test("keeps host and port of a proxy, and no other setting", () => {
    const kept = networkSettings(Object.entries({ ...settings, Db: "PLANTED", http_proxy: "p:1" }));
    expect(kept.map(({ name, value }) => `${name}=${value}`)).toEqual([
      "HTTPS_PROXY=proxy:3128",
      "HTTP_PROXY=p:1",
      "WEBSITE_DNS_SERVER=10.0.0.4",
    ]);
  });

  test("shows equal certificates and proxies, and leaves the rest unknown", () => {
    const found = standing(`app=orders settings=${print}`, settings);
    expect(found.same).toEqual(["certificates", "proxies"]);
    expect(found.unknown).toEqual(["subnet", "routing", "dns", "hybrid connections"]);
  });

  test("shows that something differs, without saying what", () => {
    const found = standing(`app=orders settings=${print}`);
    expect(found.differs).toEqual(["app settings"]);
    expect(found.same).toEqual([]);
  });
});
