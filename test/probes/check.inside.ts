/** Runs inside the host that check.test.ts furnishes. */
import { execSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { decodePairs, type Pair } from "../../lib/api/decode.ts";
import { check } from "../../lib/probes/check.ts";
import { run } from "../../lib/run.ts";
import { ask, localEdge } from "../asking.ts";
import { a, aaaa, cname, reply, scriptedDns, type ScriptedDns } from "../servers/scripted-dns.ts";
import { tcpServer } from "../servers/tcp.ts";

const conf = "nameserver 10.9.8.7\nnameserver 10.9.8.8\n";
const local = { SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@private @public @loopback" };
const link = "acct.privatelink.blob.core.windows.net.";

const one = (name: string) => ({ A: [a(name, "10.9.8.7")], AAAA: [] });
const blob = "acct.blob.core.windows.net.";
const half = "half.example.test.";
const six = "six.example.test.";
const records: Readonly<Record<string, Readonly<Record<"A" | "AAAA", readonly Buffer[]>>>> = {
  [blob]: { A: [cname(blob, link), a(link, "20.30.40.50")], AAAA: [cname(blob, link)] },
  [half]: { A: [a(half, "10.9.8.7"), a(half, "10.9.8.6")], AAAA: [] },
  [six]: { A: [], AAAA: [aaaa(six, "fd000000000000000000000000000009")] },
  "moved.example.test.": one("moved.example.test."),
  "plain.example.test.": one("plain.example.test."),
};

let server: ScriptedDns;

beforeAll(async () => {
  server = await scriptedDns(
    (heard) => {
      if (heard.name.startsWith("silent.")) return undefined;
      if (heard.name.startsWith("broken.")) return reply(heard, { rcode: 2 });
      const answers = records[heard.name]?.[heard.type === "A" ? "A" : "AAAA"];
      return answers === undefined ? reply(heard, { rcode: 3 }) : reply(heard, { answers });
    },
    { host: "10.9.8.7", port: 53 },
  );
  await tcpServer(() => {}, "10.9.8.7", 8000);
});

const asking = (target: string, more: Pair[] = [], environment: object = local) => {
  const asked = { target, timeoutMs: "1000", ...Object.fromEntries(more) };
  return ask(check, Object.entries(asked), localEdge({ ...local, ...environment }, conf));
};
const codesOf = ({ findings }: Awaited<ReturnType<typeof asking>>) =>
  findings.map(({ severity, code }) => `${severity} ${code}`);

test("a check that holds asks nobody beside the system resolver", async () => {
  const before = server.heard.length;
  const report = await asking("tcp://plain.example.test:8000");
  expect(report).toMatchObject({ verdict: "pass", findings: [] });
  expect(report.result).not.toHaveProperty("servers");
  // getaddrinfo asks for both families, with EDNS nowhere.
  const ours = server.heard.slice(before).filter(({ size }) => size !== undefined);
  expect(ours).toEqual([]);
});

test("a name that does not exist is asked for everywhere, and fails as before", async () => {
  const report = await asking("tcp://nobody.example.test:8000");
  expect(report.summary).toMatch(/^FAIL dns\.nxdomain tcp:\/\/nobody\.example\.test:8000 /);
  const no = { stopped: { stage: "query", code: "dns.nxdomain" } };
  expect(report.result["servers"]).toMatchObject([
    { on: "system", ...no },
    { on: "cares", ...no },
    { on: "10.9.8.7:53", ...no },
    { on: "10.9.8.8:53", stopped: { code: "dns.unreachable" } },
  ]);
  expect(codesOf(report).slice(0, 2)).toEqual(["fail dns.nxdomain", "warn dns.unreachable"]);
  // What was never begun is told once, and not of every server.
  expect(report.steps.filter(({ verdict }) => verdict === "skip")).toEqual([
    { name: "connect", verdict: "skip" },
  ]);
});

test("a stale line of the hosts file is seen beside the port that it leads to", async () => {
  const report = await asking("tcp://moved.example.test:8000");
  expect(report.findings[0]).toMatchObject({ severity: "fail", code: "tcp.refused" });
  expect(codesOf(report)).toContain("warn dns.system_differs");
  expect(report.result["servers"]).toMatchObject([
    { on: "system", query: { addresses: [{ address: "10.9.8.6" }] } },
    { on: "cares" },
    { on: "10.9.8.7:53", query: { addresses: [{ address: "10.9.8.7" }] } },
    {},
  ]);
  expect(report.notProved).toContain("that a TCP connection opens");
  const [system, first, second, connect] = report.reproduce;
  expect([first, second, connect]).toEqual([
    "dig @10.9.8.7 -p 53 moved.example.test A",
    "dig @10.9.8.8 -p 53 moved.example.test A",
    "nc -vz -w 5 10.9.8.6 8000",
  ]);
  // What is said to show the application's view does so.
  expect(execSync(system ?? "").toString()).toMatch(/^10\.9\.8\.6 /);
});

test("the private endpoint that the name misses is seen beside the silence of the public address", async () => {
  const report = await asking("acct.blob.core.windows.net");
  expect(report.findings[0]).toMatchObject({ severity: "fail", code: "tcp.timeout" });
  expect(codesOf(report)).toContain("info dns.private_link_public");
  // The views that show no aliases say nothing of them.
  expect(codesOf(report)).not.toContain("info dns.azure_service");
});

test("a name with IPv6 addresses alone is asked for by its AAAA record", async () => {
  const report = await asking("tcp://six.example.test:8000");
  expect(report.findings[0]).toMatchObject({ severity: "fail", code: "tcp.unreachable" });
  expect(codesOf(report).join()).not.toContain("dns.nodata");
  const query = { question: { type: "AAAA" }, addresses: [{ address: "fd00::9" }] };
  expect(report.result["servers"]).toMatchObject([{ query }, { query }, { query }, {}]);
  expect(report.reproduce).toContain("dig @10.9.8.7 -p 53 six.example.test AAAA");
});

test("the line to repeat it asks the address that failed, and not the one that answers", async () => {
  const report = await asking("tcp://half.example.test:8000");
  expect(report).toMatchObject({ verdict: "warn", findings: [{ code: "tcp.some_dead" }, {}] });
  expect(report.reproduce.at(-1)).toBe("nc -vz -w 5 10.9.8.6 8000");
});

test("of a port that stays closed as it must, nobody is asked why", async () => {
  const report = await asking("tcp://moved.example.test:8000", [["expect.reachable", "false"]]);
  expect(report).toMatchObject({ verdict: "pass" });
  expect(report.result).not.toHaveProperty("servers");
  const open = await asking("tcp://moved.example.test:8000", [["expect.reachable", "true"]]);
  expect(open.result).toHaveProperty("servers");
});

test("views=all asks in any case: what differs is a warning about a check that holds", async () => {
  const all: Pair[] = [["views", "all"]];
  const same = await asking("tcp://plain.example.test:8000", all);
  expect(same.result["servers"]).toHaveLength(4);
  expect(codesOf(same)).not.toContain("warn dns.system_differs");
  const other = await asking("tcp://here.example.test:8000", all);
  expect(other).toMatchObject({ verdict: "warn", result: { addresses: [{ on: "10.9.8.7" }] } });
  expect(codesOf(other)).toContain("warn dns.system_differs");
});

test("a resolver that gets no usable answer is told from a name that does not exist", async () => {
  const report = await asking("tcp://broken.example.test:8000");
  expect(report.findings[0]).toMatchObject({ severity: "fail", code: "dns.system_failed" });
  expect(codesOf(report)).toContain("warn dns.servfail");
});

describe("beside what this place shows of its own network", () => {
  const site = {
    SONDE_LOCAL_HOST: "",
    SONDE_TARGETS: "@private @public",
    WEBSITE_INSTANCE_ID: "0123456789abcdef",
    WEBSITE_SITE_NAME: "shop",
  };
  const dedicated = { ...site, WEBSITE_SKU: "PremiumV3" };
  const quickly: Pair[] = [["timeoutMs", "300"]];
  const [inside, outside] = ["tcp://10.9.8.9:8000", "tcp://20.30.40.50:8000"];

  test.each<[target: string, environment: object, code: string]>([
    [inside, dedicated, "tcp.no_network"],
    [inside, { ...site, WEBSITE_SKU: "Dynamic" }, "tcp.no_network"],
    [outside, { ...dedicated, WEBSITE_VNET_ROUTE_ALL: "0" }, "tcp.outside_network"],
  ])("silence of %s in %o: %s", async (target, environment, code) => {
    const found = await asking(target, quickly, environment);
    expect(codesOf(found)).toEqual(expect.arrayContaining(["fail tcp.timeout", `info ${code}`]));
  });

  test.each<[target: string, environment: object]>([
    // It has an address, or its plan shows none to anybody; an absent variable about routes proves nothing.
    [inside, { ...dedicated, WEBSITE_PRIVATE_IP: "10.1.0.4" }],
    [inside, { ...site, WEBSITE_SKU: "FlexConsumption" }],
    [inside, {}],
    [outside, dedicated],
    [outside, { ...dedicated, WEBSITE_VNET_ROUTE_ALL: "1" }],
    ["tcp://10.9.8.6:8000", dedicated],
  ])("nothing of that is said of %s in %o", async (target, environment) => {
    const codes = codesOf(await asking(target, quickly, environment)).join();
    expect(codes).toMatch(/fail tcp\.(timeout|refused)/);
    expect(codes).not.toMatch(/no_network|outside_network/);
  });
});

test.each([
  ["a literal", "tcp://10.9.8.6:8000", {}],
  ["what only this host knows", "tcp://localhost:1", {}],
  ["what the policy refuses", "tcp://moved.example.test:8000", { SONDE_TARGETS: "10.0.0.1" }],
])("nobody is asked about %s", async (_what, target, environment) => {
  const report = await asking(target, [], environment);
  expect(report.ok).toBe(false);
  expect(report.result).not.toHaveProperty("servers");
});

test("what the views answer is nothing that a check can be expected to hold", async () => {
  await expect(
    asking("tcp://plain.example.test:8000", [["expect.rcode", "NOERROR"]]),
  ).rejects.toThrow("rcode");
  const closed = await asking("tcp://moved.example.test:8000", [["expect.reachable", "true"]]);
  expect(closed.expected).toMatchObject([{ key: "reachable", actual: "false", ok: false }]);
});

// The last ones: what hangs holds its slot of the system resolver for as long as that is patient.
test("a resolver that hangs is not asked again, and the answer comes all the same", async () => {
  const start = performance.now();
  const report = await asking("tcp://silent.example.test:8000");
  expect(report.findings[0]).toMatchObject({ severity: "fail", code: "dns.timeout" });
  expect(report.result["servers"]).toMatchObject([
    { on: "cares", stopped: { stage: "query" } },
    { on: "10.9.8.7:53", stopped: { code: "dns.timeout" } },
    { on: "10.9.8.8:53" },
  ]);
  expect(codesOf(report)).toContain("warn dns.silent_for_name");
  // The name, the views and their controls: a second each, and as much again for a busy machine.
  expect(performance.now() - start).toBeLessThan(6000);
});

test("whatever is left of a suite's time is kept, and spent time is nobody's fault but ours", async () => {
  const edge = localEdge(local, conf);
  const decoded = decodePairs(check, [
    ["target", "tcp://silent.example.test:8000"],
    ["timeoutMs", "1000"],
  ]);
  if ("problem" in decoded) throw new Error(decoded.problem.detail);
  const here = edge.hereFor({ method: "GET", url: "http://localhost/", headers: [] });
  const start = performance.now();
  const report = await run(decoded.question, here, 1300);
  // The name a second, the views what is left; and as much again for a busy machine.
  expect(performance.now() - start).toBeLessThan(2600);
  expect(report.findings[0]).toMatchObject({ severity: "fail", code: "dns.timeout" });
  expect(report.verdict).toBe("fail");
  expect(report.result["servers"]).toMatchObject([{ on: "cares" }, {}, {}]);
});
