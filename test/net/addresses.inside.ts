/** Runs inside the network that addresses.test.ts makes: addresses that are dead, slow, rationed or forbidden. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { http } from "../../lib/probes/http.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import type { Report } from "../../lib/report.ts";
import { ask, localEdge } from "../asking.ts";
import { tcpServer } from "../servers/tcp.ts";

const within = (timeoutMs: number, target: string, ...more: Pair[]) =>
  ask(tcp, [["target", target], ["timeoutMs", timeoutMs], ...more]);
const at = (target: string, ...more: Pair[]) => within(800, target, ...more);
const codes = ({ findings }: Report) => findings.map(({ code }) => code);
const open = async (host: string) => (await tcpServer((socket) => socket.resume(), host)).port;

describe("several addresses of a name", () => {
  test("IPv6 first and dead: clients that race lose a quarter of a second, others their time-out", async () => {
    const port = await open("93.184.216.36");
    const report = await at(`families.test:${port}`);
    expect(codes(report)).toEqual(["tcp.ipv6_dead", "tcp.timeout"]);
    expect(report).toMatchObject({
      verdict: "warn",
      result: {
        resolve: { addresses: [{ family: 6 }, { family: 4 }] },
        race: { eyeballs: { address: "93.184.216.36" }, oneByOne: { address: "93.184.216.36" } },
      },
    });
    const { eyeballs, oneByOne } = Object(report.result["race"]);
    expect(eyeballs.afterMs).toBeGreaterThanOrEqual(250);
    expect(eyeballs.afterMs).toBeLessThan(700);
    expect(oneByOne.afterMs).toBeGreaterThanOrEqual(800);
  });

  test("dead ones that a request passed over are named as well", async () => {
    const request = (host: string, port: number) =>
      ask(http, [
        ["target", `http://${host}:${port}/`],
        ["timeoutMs", 800],
      ]);
    const answering = async (host: string) => {
      const answer = "HTTP/1.1 204 No Content\r\n\r\n";
      return (await tcpServer((socket) => socket.once("data", () => socket.end(answer)), host))
        .port;
    };
    const families = await request("families.test", await answering("93.184.216.36"));
    expect(families).toMatchObject({
      verdict: "warn",
      findings: [
        {
          code: "tcp.ipv6_dead",
          evidence: expect.stringMatching(/ \(tcp\.timeout\), but to 93\./),
        },
      ],
    });
    const fronts = await request("fronts.test", await answering("10.9.3.2"));
    expect(codes(fronts)).toEqual(["tcp.some_dead"]);
    expect(fronts.findings[0]?.evidence).toBe(
      "no connection to 10.9.3.1 (tcp.timeout), but to 10.9.3.2",
    );
  });

  test("one of four front ends dead is named", async () => {
    const port = await open("10.9.3.2");
    for (const last of [3, 4]) await tcpServer((socket) => socket.resume(), `10.9.3.${last}`, port);
    const report = await at(`fronts.test:${port}`);
    expect(report.verdict).toBe("warn");
    expect(report.summary).toMatch(/^WARN tcp\.some_dead .* 1 of 4 IPv4 addresses/);
    expect(report.findings).toMatchObject([
      {
        code: "tcp.some_dead",
        evidence: "no connection to 1 of 4 IPv4 addresses: 10.9.3.1 (tcp.timeout)",
      },
      { code: "tcp.timeout", on: ["10.9.3.1"] },
    ]);
  });

  test("all of them alive are no news, and the first wins every race", async () => {
    const port = await open("10.9.3.2");
    await tcpServer((socket) => socket.resume(), "10.9.3.3", port);
    const report = await at(`alive.test:${port}`);
    const [first] = [Object(report.result["resolve"]).addresses].flat();
    expect(report).toMatchObject({
      findings: [],
      result: { race: { eyeballs: { address: first.address } } },
    });
  });
});

describe("a lost SYN", () => {
  test("shows by the second after which it is sent again", async () => {
    const report = await within(4000, `10.9.4.1:${await open("10.9.4.1")}`);
    expect(codes(report)).toEqual(["tcp.lost_syn"]);
    expect(report.findings[0]?.evidence).toMatch(/after 1[01]\d\d(\.\d+)? ms/);
  });

  test("at the start of many is told from a host that is always slow", async () => {
    const target = `10.9.4.2:${await open("10.9.4.2")}`;
    const many: Pair[] = [
      ["count", 5],
      ["intervalMs", 1],
    ];
    expect(codes(await within(3000, target, ...many))).toEqual(["tcp.lost_syn", "tcp.first_slow"]);
    // The same again, with nothing lost: only a machine that is busy elsewhere could still be slow once.
    await expect.poll(async () => codes(await within(3000, target, ...many))).toEqual([]);
  });
});

describe("connections that are rationed for one public target", () => {
  const burst: Pair[] = [["parallel", 8]];

  test("look like exhausted ports when the control targets are untouched", async () => {
    const control = `10.9.2.1:${await open("10.9.2.1")}`;
    const target = `93.184.216.34:${await open("93.184.216.34")}`;
    const report = await at(target, ...burst, ["control", control]);
    expect(codes(report)).toEqual(["tcp.timeout", "tcp.snat_shape"]);
    const shape = report.findings[1];
    expect(shape).toMatchObject({ confidence: "possible", blame: "platform" });
    expect(shape?.evidence).toMatch(/\d of 8 to 93\.184\.216\.34 got no answer, the control did/);
    expect(shape?.rivals.length).toBeGreaterThan(1);
  });

  test("and look like nothing of the kind without a control, or with a dead one", async () => {
    const target = `93.184.216.34:${await open("93.184.216.34")}`;
    expect(codes(await at(target, ...burst))).not.toContain("tcp.snat_shape");
    const dead: Pair = ["control", "10.9.3.1:9"];
    expect(codes(await at(target, ...burst, dead))).not.toContain("tcp.snat_shape");
  });
});

describe("the end of a connection that nothing was said on", () => {
  async function endingOf(host: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { port } = await tcpServer((socket) => {
      socket.resume().on("end", () => resolve("in good order"));
      socket.on("error", (error) => resolve(error.message));
    }, host);
    await at(`${host}:${port}`);
    return promise;
  }

  test("is a reset towards a public target, which gives its SNAT port back sooner", async () => {
    expect(await endingOf("93.184.216.35")).toContain("ECONNRESET");
  });

  test("is in good order towards a private one", async () => {
    expect(await endingOf("10.9.2.1")).toBe("in good order");
  });
});

describe("what this host itself forbids", () => {
  const windows = localEdge(
    { WEBSITE_INSTANCE_ID: "ab", WEBSITE_SITE_NAME: "here", SONDE_TARGETS: "@private @public" },
    "",
    { os: "Windows_NT 10.0.20348" },
  );
  const forbidden = async (target: string, edge = windows) =>
    (await ask(tcp, [["target", target]], edge)).findings.map(({ code }) => code);

  test("is the platform's doing for the ports that the sandbox of Windows closes", async () => {
    execFileSync("ip", ["route", "add", "prohibit", "10.78.0.9/32"]);
    expect(await forbidden("10.78.0.9:445")).toEqual(["tcp.sandbox_port", "tcp.forbidden"]);
    expect(await forbidden("10.78.0.9:139")).toEqual(["tcp.sandbox_port", "tcp.forbidden"]);
  });

  test("and not known to be so for another port, or on another system", async () => {
    expect(await forbidden("10.78.0.9:1433")).toEqual(["tcp.forbidden"]);
    expect(await forbidden("10.78.0.9:445", localEdge())).toEqual(["tcp.forbidden"]);
  });
});

// Last: from here on few local ports are left.
test("no local port left is told from a network that does not answer", async () => {
  writeFileSync("/proc/sys/net/ipv4/ip_local_port_range", "40000 40003");
  const report = await at(`10.9.2.1:${await open("10.9.2.1")}`, ["parallel", 12]);
  expect(codes(report)).toEqual(["tcp.no_ports"]);
  const [{ answered }] = [report.result["addresses"]].flat().map((one) => Object(one).tally);
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThanOrEqual(4);
  expect(report.findings[0]).toMatchObject({ blame: "platform", severity: "warn" });
  expect(report.findings[0]?.on).toHaveLength(12 - answered);
});
