import { describe, expect, test } from "vitest";
import { azureServiceOf, isPrivateLinkName } from "../../lib/platform/private-link.ts";
import { parseResolvConf, searchedNames } from "../../lib/platform/resolvconf.ts";

describe("an Azure service by its name", () => {
  test.each([
    ["db.database.windows.net", "privatelink.database.windows.net"],
    ["mi.0123abc.database.windows.net", "privatelink.0123abc.database.windows.net"],
    ["acc.blob.core.windows.net", "privatelink.blob.core.windows.net"],
    ["v.vault.azure.net", "privatelink.vaultcore.azure.net"],
    ["app.scm.azurewebsites.net", "privatelink.azurewebsites.net"],
    ["cache.westeurope.redis.azure.net", "privatelink.redis.azure.net"],
    ["cache.redis.cache.windows.net", "privatelink.redis.cache.windows.net"],
    ["app.blue-1.westeurope.azurecontainerapps.io", "privatelink.westeurope.azurecontainerapps.io"],
    ["acc.westeurope.batch.azure.com", "westeurope.privatelink.batch.azure.com"],
    ["n1.westeurope.service.batch.azure.com", "westeurope.service.privatelink.batch.azure.com"],
    ["site.azurestaticapps.net", "privatelink.azurestaticapps.net"],
    ["site.2.azurestaticapps.net", "privatelink.2.azurestaticapps.net"],
    ["site-7.eastus2.2.azurestaticapps.net", "privatelink.2.azurestaticapps.net"],
    ["ws.sql.azuresynapse.net", "privatelink.sql.azuresynapse.net"],
    ["web.azuresynapse.net", "privatelink.azuresynapse.net"],
    ["DB.Database.Windows.NET.", "privatelink.database.windows.net"],
  ])("%s would need %s", (name, zone) => {
    expect(azureServiceOf(name)?.privateZone).toBe(zone);
  });

  test.each([
    "example.com",
    "database.windows.net",
    "notdatabase.windows.net",
    "database.windows.net.example.com",
    "db.privatelink.database.windows.net",
    ".",
  ])("%s is none", (name) => {
    expect(azureServiceOf(name)).toBeUndefined();
  });

  test("the public zone of a managed instance is that of its network", () => {
    expect(azureServiceOf("mi.0123abc.database.windows.net")).toEqual({
      service: "SQL Managed Instance",
      publicZone: "0123abc.database.windows.net",
      privateZone: "privatelink.0123abc.database.windows.net",
    });
  });

  test("a private-link name has the label, not the letters", () => {
    expect(isPrivateLinkName("x.privatelink.blob.core.windows.net.")).toBe(true);
    expect(isPrivateLinkName("x.privatelink-global.wvd.microsoft.com.")).toBe(true);
    expect(isPrivateLinkName("notprivatelink.example.")).toBe(false);
  });
});

describe("the names that a look-up tries", () => {
  const conf = (ndots: number, ...search: string[]) =>
    parseResolvConf(`search ${search.join(" ")}\noptions ndots:${ndots}\n`);

  test.each([
    ["a", 1, ["a.one.", "a.two.", "a."]],
    ["a.b", 1, ["a.b.", "a.b.one.", "a.b.two."]],
    ["a.b", 5, ["a.b.one.", "a.b.two.", "a.b."]],
    ["a.b.", 5, ["a.b."]],
  ])("%s with ndots %d", (name, ndots, names) => {
    expect(searchedNames(name, conf(ndots, "one", "two"))).toEqual(names);
  });

  test("without a search list there is one, and never more than seven", () => {
    expect(searchedNames("a", parseResolvConf(""))).toEqual(["a."]);
    const many = Array.from({ length: 20 }, (_, index) => `s${index}`);
    expect(searchedNames("a", conf(1, ...many))).toHaveLength(7);
  });

  test("a suffix that makes no other name, or none at all, is passed over", () => {
    // What systemd-resolved writes where it knows of no suffix.
    expect(searchedNames("a", conf(1, "."))).toEqual(["a."]);
    expect(searchedNames("a", conf(1, "x..y", "s".repeat(64), "one"))).toEqual(["a.one.", "a."]);
    const long = Array.from({ length: 5 }, () => "s".repeat(50)).join(".");
    expect(searchedNames("a.b", conf(1, long))).toEqual(["a.b."]);
  });
});
