/** Commands filled with what is known, and what no name can do to them. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandsFor, type Place } from "../../lib/findings/commands.ts";
import { quoted } from "../../lib/protocols/shell.ts";
import { conclude } from "../../lib/findings/conclude.ts";
import type { Leaf } from "../../lib/leaves.ts";
import { vantageOf } from "../../lib/platform/vantage.ts";

const at = "2026-11-20T18:25:03.120Z";
const site = { WEBSITE_SITE_NAME: "orders-diag", WEBSITE_INSTANCE_ID: "0f3a".repeat(16) };
const place: Place = { vantage: vantageOf(site, "1.0.0"), at };

const silent: Leaf = {
  facts: {
    resolve: { host: "orders.database.windows.net" },
    connect: { address: "10.20.1.5", port: 1433, class: "private", localAddress: "10.20.8.14" },
  },
  depth: 2,
  on: "10.20.1.5",
  stopped: { stage: "connect", code: "tcp.timeout", message: "no answer" },
};

describe("what nobody answered", () => {
  test("asks for the network of this app, and the firewall's log of just this connection", () => {
    const [first] = conclude([silent], place);
    expect(first?.commands).toHaveLength(3);
    expect(first?.commands[0]).toContain("-n orders-diag -g GROUP");
    for (const part of ["'10.20.1.5'", "DestinationPort == 1433", "'10.20.8.14'", at]) {
      expect(first?.commands[2]).toContain(part);
    }
  });

  test("is asked about with the group and the slot that this site names", () => {
    const commandIn = (environment: object) =>
      conclude([silent], { ...place, environment: { ...environment } })[0]?.commands[0];
    const named = { WEBSITE_RESOURCE_GROUP: "rg-orders", WEBSITE_SLOT_NAME: "staging" };
    expect(commandIn(named)).toContain("list -n orders-diag -g rg-orders --slot staging -o");
    const production = { ...named, WEBSITE_SLOT_NAME: "Production" };
    expect(commandIn(production)).toContain("list -n orders-diag -g rg-orders -o");
  });

  test("has no commands away from Azure, nor where there is no place", () => {
    const local: Place = { vantage: vantageOf({}, "1.0.0"), at };
    expect(conclude([silent], local)[0]?.commands).toEqual([]);
    expect(conclude([silent])[0]?.commands).toEqual([]);
  });
});

test.each([
  ["sql.redirect_blocked", "az sql server conn-policy show -s orders -g GROUP"],
  ["sql.public_access_off", "az sql server show --query publicNetworkAccess -n orders -g GROUP"],
  ["dns.record_missing", "-z privatelink.database.windows.net -g GROUP"],
])("%s is filled with the resource: %s", (code, part) => {
  expect(commandsFor(code, silent, place).join("\n")).toContain(part);
});

test("a server that is none of Azure's keeps its place in capitals", () => {
  const elsewhere: Leaf = { ...silent, facts: { resolve: { host: "db.corp.example" } } };
  expect(commandsFor("sql.firewall", elsewhere, place)).toEqual([
    "az sql server firewall-rule list -s SERVER -g GROUP",
  ]);
});

test("a setting is asked for by its name, unless the name is one that a shell would read", () => {
  const asked = (name: string) =>
    commandsFor("setting.reference_unresolved", { facts: { setting: { name } }, depth: 1 }, place);
  expect(asked("Orders")[0]).toContain("/appsettings/Orders?api-version=");
  const setting = { name: "Orders", kind: "connection string" as const };
  expect(
    commandsFor("setting.reference_unresolved", { facts: { setting }, depth: 1 }, place)[0],
  ).toContain("/connectionstrings/Orders?api-version=");
  expect(asked('"; rm -rf /')[0]).toContain("/appsettings/SETTING?api-version=");
});

test("a word stays one word in a shell, whatever it holds", () => {
  const character = fc.integer({ min: 1, max: 0x2fff }).map((code) => String.fromCharCode(code));
  const words = fc.sample(fc.string({ unit: character, maxLength: 30 }), 300);
  const script = `printf '%s\\0' ${words.map(quoted).join(" ")}`;
  const printed = execFileSync("bash", ["-c", script]).toString();
  expect(printed.split("\0").slice(0, -1)).toEqual(words);
});
