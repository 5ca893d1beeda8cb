/** Runs where resolv.conf names nobody: dns-views.test.ts makes the place. */
import { expect, test } from "vitest";
import { check } from "../../lib/probes/check.ts";
import { dns } from "../../lib/probes/dns.ts";
import { ask, localEdge } from "../asking.ts";
import { a, reply, scriptedDns } from "../servers/scripted-dns.ts";

const all = (edge: ReturnType<typeof localEdge>) =>
  ask(
    dns,
    [
      ["name", "plain.example.test"],
      ["views", "all"],
      ["timeoutMs", "800"],
    ],
    edge,
  );

test("c-ares falls back to this machine: a finding about the view, not about DNS", async () => {
  await scriptedDns((heard) => reply(heard, { answers: [a(heard.name, "10.0.0.9")] }), {
    host: "10.9.8.8",
    port: 53,
  });
  const report = await all(
    localEdge({ SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@private", WEBSITE_DNS_SERVER: "10.9.8.8" }),
  );
  const codes = report.findings.map(({ code }) => code);
  expect(codes).toContain("dns.cares_fallback");
  expect(report.result["servers"]).toMatchObject([
    { on: "system" },
    { on: "cares", query: { servers: ["127.0.0.1"] }, stopped: { code: "policy.floor" } },
    { on: "10.9.8.8:53", query: { rcode: "NOERROR" } },
  ]);
});

test("a name server that is configured on this machine is no fallback", async () => {
  await scriptedDns((heard) => reply(heard, { answers: [a(heard.name, "10.0.0.9")] }), {
    port: 53,
  });
  const report = await all(localEdge({ SONDE_LOCAL_HOST: "1", WEBSITE_DNS_SERVER: "127.0.0.1" }));
  expect(report.findings.map(({ code }) => code)).not.toContain("dns.cares_fallback");
  expect(report.result["servers"]).toMatchObject([
    { on: "system" },
    { on: "cares", query: { answers: [{ data: "10.0.0.9" }] } },
    { on: "127.0.0.1:53" },
  ]);
});

test("a check that fails is not told that c-ares may not ask this machine", async () => {
  await scriptedDns((heard) => reply(heard, { answers: [a(heard.name, "10.0.0.9")] }), {
    host: "10.9.8.7",
    port: 53,
  });
  const report = await ask(
    check,
    [
      ["target", "tcp://plain.example.test:8000"],
      ["timeoutMs", "800"],
    ],
    localEdge({ SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@private", WEBSITE_DNS_SERVER: "10.9.8.7" }),
  );
  const codes = report.findings.map(({ code }) => code);
  expect(codes[0]).toMatch(/^dns\./);
  expect(codes).toContain("dns.cares_fallback");
  expect(codes.join()).not.toContain("policy.");
  expect(report.result["servers"]).toMatchObject([
    { on: "system" },
    { on: "cares", query: { servers: ["127.0.0.1"] } },
    { on: "10.9.8.7:53", query: { addresses: [{ address: "10.0.0.9" }] } },
  ]);
});
