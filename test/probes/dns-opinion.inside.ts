/** Runs inside the host that dns-views.test.ts furnishes: Azure's resolver beside a custom server. */
import { beforeAll, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { dns } from "../../lib/probes/dns.ts";
import type { Report } from "../../lib/report.ts";
import { ask, localEdge } from "../asking.ts";
import { a, cname, reply, scriptedDns, type Heard } from "../servers/scripted-dns.ts";

const CUSTOM = "10.9.8.7";
const AZURE = "168.63.129.16";

/** An address by name and server; nobody else knows the name. */
const known: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "corp.example.test.": { [CUSTOM]: "10.0.0.4" },
  "linked.example.test.": { [AZURE]: "10.0.0.5" },
  "same.example.test.": { [CUSTOM]: "10.0.0.6", [AZURE]: "10.0.0.6" },
  "unforwarded.database.windows.net.": { [CUSTOM]: "8.8.8.8", [AZURE]: "10.0.0.7" },
  "hub.database.windows.net.": { [CUSTOM]: "10.0.0.8", [AZURE]: "8.8.8.8" },
};

function answer(host: string, heard: Heard): Buffer {
  const address = known[heard.name]?.[host];
  if (heard.name === "refused.example.test.") {
    const own = host === AZURE ? undefined : [a(heard.name, "10.0.0.9")];
    return reply(heard, own === undefined ? { rcode: 5 } : { answers: own });
  }
  if (address === undefined) return reply(heard, { rcode: 3 });
  const link = heard.name.replace(".database.", ".privatelink.database.");
  const isLink = link !== heard.name;
  const records = isLink ? [cname(heard.name, link), a(link, address)] : [a(heard.name, address)];
  return reply(heard, { answers: heard.type === "A" ? records : [] });
}

beforeAll(async () => {
  for (const host of [CUSTOM, AZURE]) {
    await scriptedDns((heard) => answer(host, heard), { host, port: 53 });
  }
});

const asking = (name: string, more: Pair[] = [], conf = `nameserver ${CUSTOM}\n`) =>
  ask(
    dns,
    [["name", name], ["timeoutMs", "1500"], ["azure", "1"], ["control", "0"], ...more],
    localEdge(undefined, conf),
  );

const codesOf = ({ findings }: Report) => findings.map((one) => `${one.severity} ${one.code}`);

test("a name that only the custom server knows is no trouble, and the difference is shown", async () => {
  const report = await asking("corp.example.test", [["expect.answerClass", "private"]]);
  expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }, { ok: true }] });
  expect(codesOf(report)).toEqual(["info dns.nxdomain", "info dns.second_opinion"]);
  expect(report.findings[1]?.evidence).toBe(
    "168.63.129.16:53: no such record; 10.9.8.7:53: 10.0.0.4",
  );
  expect(codesOf(await asking("same.example.test"))).toEqual([]);
});

test("an opinion is asked for the name that a suffix makes, as the others are", async () => {
  const conf = `nameserver ${CUSTOM}\nsearch example.test\n`;
  const report = await asking("same", [], conf);
  expect(report).toMatchObject({ verdict: "pass", findings: [] });
  expect(report.result["servers"]).toMatchObject([
    {},
    { query: { addresses: [{ address: "10.0.0.6" }] } },
    { on: `${AZURE}:53`, query: { question: { name: "same.example.test." } } },
  ]);
});

test("an opinion that is refused or not to be had fails nobody", async () => {
  expect(await asking("refused.example.test")).toMatchObject({ verdict: "pass" });
  expect(codesOf(await asking("refused.example.test"))).toEqual(["info dns.refused"]);
});

test("an opinion saves nobody either: the application does not get that answer", async () => {
  const report = await asking("linked.example.test");
  expect(report.verdict).toBe("fail");
  expect(codesOf(report)).toEqual(["fail dns.nxdomain", "info dns.second_opinion"]);
});

test("a forwarder that is missing is a matter of the custom server", async () => {
  const report = await asking("unforwarded.database.windows.net");
  expect(report.verdict).toBe("warn");
  expect(codesOf(report)).toEqual([
    "warn dns.forwarder_missing",
    "info dns.private_link_public",
    "info dns.second_opinion",
  ]);
});

test("a zone that is linked to the custom server's network and not to this one is no trouble", async () => {
  const report = await asking("hub.database.windows.net", [["expect.answerClass", "private"]]);
  expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }, { ok: true }] });
  expect(codesOf(report)).toEqual(["info dns.private_link_public", "info dns.second_opinion"]);
});

test("where nobody else is asked it is the answer", async () => {
  const report = await asking("corp.example.test", [["type", "TXT"]], "");
  expect(report.result["servers"]).toMatchObject([{ on: "168.63.129.16:53" }]);
  expect(codesOf(report)).toEqual(["fail dns.nxdomain"]);
  expect(report.verdict).toBe("fail");
});
