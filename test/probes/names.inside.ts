/** Runs inside the host that names.test.ts furnishes: its addresses, public ones too, are on `lo`. */
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer, createSecureContext } from "node:tls";
import { beforeAll, expect, test } from "vitest";
import type { Environment } from "../../lib/here.ts";
import { sheets } from "../../lib/facts/index.ts";
import { names } from "../../lib/probes/names.ts";
import { tls } from "../../lib/probes/tls.ts";
import { surfaces } from "../../lib/surfaces/index.ts";
import { ask, localEdge } from "../asking.ts";
import { record } from "../protocols/dns/build.ts";
import { nameOctets } from "../../lib/protocols/dns/name.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { a, reply, scriptedDns, type Heard } from "../servers/scripted-dns.ts";

/** Of each name its aliases, and the address at the end. */
const zone: Readonly<Record<string, readonly string[]>> = {
  "orders.azurewebsites.net.": ["waws-prod-1.sip.azurewebsites.windows.net.", "20.50.1.2"],
  "orders.scm.azurewebsites.net.": ["waws-prod-1.sip.azurewebsites.windows.net.", "20.50.1.2"],
  "own.azurewebsites.net.": ["20.50.1.9"],
  "own.scm.azurewebsites.net.": ["20.50.1.2"],
  "pe.azurewebsites.net.": ["pe.privatelink.azurewebsites.net.", "10.20.0.5"],
  "pe.scm.azurewebsites.net.": ["pe.scm.privatelink.azurewebsites.net.", "10.20.0.5"],
  "app.ase1.appserviceenvironment.net.": ["10.20.0.6"],
  "app.scm.ase1.appserviceenvironment.net.": ["10.20.0.6"],
  "lost.ase1.appserviceenvironment.net.": ["10.20.0.6"],
  "good.test.": ["orders-fd.z01.azurefd.net.", "20.50.1.3"],
  "gw.test.": ["gw.westeurope.cloudapp.azure.com.", "20.50.1.3"],
  "elsewhere.test.": ["20.50.1.3"],
  "aimed.test.": ["20.50.1.2"],
  "fn.gentle-0.westeurope.azurecontainerapps.io.": ["20.50.1.3"],
};

function answer(heard: Heard) {
  const found = zone[heard.name.toLowerCase()];
  if (found === undefined) return reply(heard, { rcode: 3 });
  const aliases = found.slice(0, -1);
  const owners = [heard.name, ...aliases];
  const chain = aliases.map((target, index) =>
    record(owners[index] ?? "", "CNAME", Buffer.from(nameOctets(target))),
  );
  const end = heard.type === "A" ? [a(owners.at(-1) ?? "", found.at(-1) ?? "")] : [];
  return reply(heard, { answers: [...chain, ...end] });
}

let made: Certificates;

beforeAll(async () => {
  made = await certificates();
  await scriptedDns(answer, { host: "10.9.8.7", port: 53 });
  // Certificates by SNI: `good` for its names, and another one by default.
  const context = async (name: "good" | "wrongHost") =>
    createSecureContext({
      cert: await readFile(made(name).cert),
      key: await readFile(made(name).key),
    });
  const contexts = { good: await context("good"), other: await context("wrongHost") };
  const server = createServer(
    {
      cert: await readFile(made("wrongHost").cert),
      key: await readFile(made("wrongHost").key),
      SNICallback: (name, done) =>
        done(null, name === "good.test" ? contexts.good : contexts.other),
    },
    (socket) => socket.on("error", () => {}).end(),
  );
  server.on("tlsClientError", () => {});
  server.listen(443, "0.0.0.0");
  await once(server, "listening");
  closing(() => void server.close());
});

const local = { SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@private @public @loopback" };

async function look(environment: Environment, hostname: readonly string[] = []) {
  const pairs = hostname.map((one): [string, string] => ["hostname", one]);
  const edge = localEdge({ ...local, ...environment }, "nameserver 10.9.8.7\n");
  const report = await ask(names, [...pairs, ["timeoutMs", "2000"]], edge);
  const branches = report.result["names"];
  const found = Array.isArray(branches) ? branches : [];
  return {
    report,
    entries: Object.fromEntries(found.map((one) => [one.on, one.own?.entry])),
    codes: report.findings.map(({ code }) => code),
    branches: found,
  };
}

test("two names on the shared address of the scale unit", async () => {
  const { entries, codes, branches } = await look({ WEBSITE_HOSTNAME: "orders.azurewebsites.net" });
  expect(entries).toEqual({
    "orders.azurewebsites.net": "shared",
    "orders.scm.azurewebsites.net": "shared",
  });
  // The server there has a certificate for another name.
  expect(codes).toContain("names.no_binding");
  expect(codes).not.toContain("names.scm_hidden");
  expect(branches.at(-1)).toMatchObject({
    servers: [
      { on: "system" },
      { on: "cares" },
      { on: "10.9.8.7:53", query: { rcode: "NOERROR" } },
    ],
    addresses: [{ on: "20.50.1.2", connect: {}, presented: { withName: { isForName: false } } }],
    own: { role: "site", aliases: ["waws-prod-1.sip.azurewebsites.windows.net"] },
  });
});

test("an address of the app's own: the deployment site stays on the shared one", async () => {
  const { entries } = await look({ WEBSITE_HOSTNAME: "own.azurewebsites.net" });
  expect(entries).toEqual({
    "own.azurewebsites.net": "app-assigned",
    "own.scm.azurewebsites.net": "shared",
  });
});

test("a private endpoint, and an internal load balancer, hide the deployment site", async () => {
  const endpoint = await look({ WEBSITE_HOSTNAME: "pe.azurewebsites.net" });
  expect(endpoint.entries).toEqual({
    "pe.azurewebsites.net": "private-endpoint",
    "pe.scm.azurewebsites.net": "private-endpoint",
  });
  expect(endpoint.codes).toContain("names.scm_hidden");
  const balancer = await look({ WEBSITE_HOSTNAME: "app.ase1.appserviceenvironment.net" });
  expect(balancer.entries).toEqual({
    "app.ase1.appserviceenvironment.net": "internal-load-balancer",
    "app.scm.ase1.appserviceenvironment.net": "internal-load-balancer",
  });
  expect(balancer.codes).toContain("names.scm_hidden");
  expect(balancer.codes).not.toContain("names.scm_missing");
});

test("a zone without a record for the deployment site", async () => {
  const { entries, codes } = await look({
    WEBSITE_HOSTNAME: "lost.ase1.appserviceenvironment.net",
  });
  expect(entries).toMatchObject({ "lost.scm.ase1.appserviceenvironment.net": "nowhere" });
  expect(codes).toContain("names.scm_missing");
  expect(codes).not.toContain("names.scm_hidden");
});

test("custom domains: Front Door, a gateway, the app's own address, and somewhere else", async () => {
  const custom = ["good.test", "gw.test", "aimed.test", "elsewhere.test"];
  const { entries, codes, branches } = await look(
    { WEBSITE_HOSTNAME: "orders.azurewebsites.net" },
    custom,
  );
  expect(entries).toMatchObject({
    "good.test": "front-door",
    "gw.test": "gateway",
    "aimed.test": "shared",
    "elsewhere.test": "elsewhere",
  });
  expect(codes).toContain("names.leads_elsewhere");
  expect(branches.find(({ on }) => on === "good.test")).toMatchObject({
    addresses: [
      {
        presented: {
          servername: "good.test",
          withName: { isForName: true },
          withoutName: { isForName: false },
          same: false,
        },
      },
    ],
  });
});

test("the timeline shows no view's answer under another name, and no step that was not to be", async () => {
  const { report } = await look({ WEBSITE_HOSTNAME: "own.azurewebsites.net" });
  expect(report.steps.filter(({ verdict }) => verdict === "skip")).toEqual([]);
  const text = surfaces.find(({ name }) => name === "text")?.write(report, sheets) ?? "";
  const timeline = text.split("\n").filter((line) => /^ {2}query /.test(line));
  expect(timeline).toHaveLength(6);
  // The two names have different addresses, and the views are called the same.
  expect(timeline.join("\n")).not.toContain("20.50.1.");
});

test("what the policy refuses leads nowhere only by our own word, so nothing is said of it", async () => {
  const { branches, codes } = await look({ SONDE_TARGETS: "@private" }, ["gw.test"]);
  expect(branches[0]).not.toHaveProperty("own");
  expect(codes).toEqual(["policy.not_allowed"]);
});

test("TLS with a public address is hung up like any other", async () => {
  const report = await ask(tls, [["target", "good.test"]], localEdge(local));
  expect(report.findings[0]?.code).toMatch(/^tls\./);
  expect(report.result["addresses"]).toMatchObject([{ handshake: { servername: "good.test" } }]);
});

test("the name of a container app", async () => {
  const { entries } = await look({
    CONTAINER_APP_NAME: "fn",
    // A platform opens no loopback.
    SONDE_TARGETS: "@private @public",
    CONTAINER_APP_ENV_DNS_SUFFIX: "gentle-0.westeurope.azurecontainerapps.io",
  });
  expect(entries).toEqual({ "fn.gentle-0.westeurope.azurecontainerapps.io": "container-apps" });
});

test("names.none where there is none, and text that says what each is", async () => {
  expect((await look({})).codes).toEqual(["names.none"]);
  const { report, codes } = await look({}, ["good.test"]);
  expect(codes).not.toContain("names.no_binding");
  expect(codes).not.toContain("names.leads_elsewhere");
  const text = surfaces.find(({ name }) => name === "text")?.write(report, sheets) ?? "";
  expect(text).toContain("front-door: orders-fd.z01.azurefd.net is on the way");
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});
