/** Runs inside the network that network.test.ts makes. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { dns } from "../../lib/probes/dns.ts";
import { check } from "../../lib/probes/check.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { ask, localEdge } from "../asking.ts";
import { tcpServer } from "../servers/tcp.ts";

const quick: [string, string] = ["timeoutMs", "500"];
const at = (target: string) => ask(tcp, [["target", target], quick]);
const leading = async (target: string) => (await at(target)).findings[0];

describe("what the network does to a connection", () => {
  test("discards it: tcp.timeout, with the rivals that look the same", async () => {
    const finding = await leading("10.9.8.8:81");
    expect(finding).toMatchObject({ code: "tcp.timeout", blame: "network", confidence: "likely" });
    expect(finding?.rivals.length).toBeGreaterThan(2);
  });

  test("rejects it with a reset: tcp.refused", async () => {
    expect(await leading("10.9.8.8:82")).toMatchObject({ code: "tcp.refused" });
  });

  test("rejects it with ICMP: the operating system says what it heard", async () => {
    const { code } = (await leading("10.9.8.8:83")) ?? {};
    expect(["tcp.unreachable", "tcp.refused", "tcp.forbidden"]).toContain(code);
  });

  test("has no route: tcp.unreachable", async () => {
    expect(await leading("10.77.0.1:80")).toMatchObject({ code: "tcp.unreachable" });
  });

  test.each([
    ["unreachable", "10.78.0.1", "tcp.unreachable"],
    ["blackhole", "10.78.0.2", "tcp.unreachable"],
    ["prohibit", "10.78.0.3", "tcp.forbidden"],
  ])("has a route of type %s: %s is %s", async (type, address, code) => {
    execFileSync("ip", ["route", "add", type, `${address}/32`]);
    expect(await leading(`${address}:80`)).toMatchObject({ code });
  });
});

describe("names", () => {
  test("come from the hosts file, as the application sees them", async () => {
    const { port } = await tcpServer((socket) => socket.end(), "10.9.8.7");
    expect(await at(`served.test:${port}`)).toMatchObject({
      verdict: "pass",
      result: {
        resolve: { resolver: "system", addresses: [{ address: "10.9.8.7", class: "private" }] },
      },
    });
  });

  test("with one dead address of two are a warning that names it", async () => {
    const { port } = await tcpServer((socket) => socket.end(), "10.9.8.7");
    const report = await at(`half.test:${port}`);
    expect(report).toMatchObject({
      verdict: "warn",
      findings: [{ code: "tcp.some_dead" }, { on: ["10.9.8.8"] }],
    });
  });

  test("that lead to a metadata address are refused, and nothing is dialled", async () => {
    const canary = await tcpServer((socket) => socket.end(), "169.254.169.254");
    const report = await at(`metadata.test:${canary.port}`);
    expect(report).toMatchObject({ verdict: "error", findings: [{ code: "policy.floor" }] });
    expect(canary.accepted()).toBe(0);
  });

  test("that lead there among others are refused as a whole", async () => {
    const canary = await tcpServer((socket) => socket.end(), "10.9.8.7");
    const report = await at(`mixed.test:${canary.port}`);
    expect(report.findings[0]).toMatchObject({ code: "policy.mixed_answers" });
    expect(canary.accepted()).toBe(0);
  });
});

test.each(["169.254.169.254", "168.63.129.16", "0xa9fea9fe", "[::ffff:a83f:8110]"])(
  "%s answers here, and is not dialled",
  async (spelling) => {
    const host =
      spelling.includes("a83f") || spelling.startsWith("168") ? "168.63.129.16" : "169.254.169.254";
    const canary = await tcpServer((socket) => socket.end(), host);
    const report = await at(`${spelling}:${canary.port}`);
    expect(report.findings[0]).toMatchObject({ code: "policy.floor" });
    expect(canary.accepted()).toBe(0);
  },
);

test("redirects on the way are judged: the walk of a name ends where its addresses do", async () => {
  const report = await ask(check, [["target", "https://metadata.test"], quick]);
  expect(report).toMatchObject({ verdict: "error", findings: [{ code: "policy.floor" }] });
});

// Last: the look-ups below keep libuv's threads for as long as the resolver waits.
describe("a resolver that does not answer", () => {
  test("takes its slots; then further names are refused at once, and literals work", async () => {
    const names = ["a.slow", "b.slow", "c.slow"].map((name) => at(`${name}:80`));
    const hanging = await Promise.all(names);
    for (const report of hanging) {
      expect(report.findings[0]).toMatchObject({ code: "dns.timeout" });
      expect(report.ms).toBeLessThan(3000);
    }
    await new Promise((done) => setTimeout(done, 700));
    const busy = await at("d.slow:80");
    expect(busy.findings[0]).toMatchObject({ code: "dns.system_busy", blame: "sonde" });
    expect(busy.ms).toBeLessThan(5000);
    const { port } = await tcpServer((socket) => socket.end(), "10.9.8.7");
    expect(await at(`10.9.8.7:${port}`)).toMatchObject({ verdict: "pass" });
  });

  test("is seen as silence by a direct question", async () => {
    const edge = localEdge({ SONDE_LOCAL_HOST: "1", WEBSITE_DNS_SERVER: "10.9.8.7" });
    const report = await ask(dns, [["name", "example.test"], ["type", "TXT"], quick], edge);
    const codes = report.findings.map(({ code }) => code);
    expect(codes).toEqual(["dns.timeout", "dns.server_down"]);
  });
});
