import { describe, expect, test } from "vitest";
import { tcp } from "../../lib/probes/tcp.ts";
import { ask } from "../asking.ts";
import { closedPort } from "../servers/ports.ts";
import { resetting, silent, tcpServer } from "../servers/tcp.ts";

describe("the tcp probe", () => {
  test("shows who answered and which address and port this side used", async () => {
    const { port } = await silent();
    const report = await ask(tcp, [["target", `127.0.0.1:${port}`]]);
    expect(report).toMatchObject({
      verdict: "pass",
      target: { scheme: "tcp", host: "127.0.0.1", port },
      proved: [expect.any(String), "a TCP connection opens"],
      notProved: [expect.stringContaining("firewall")],
    });
    expect(report.summary).toMatch(/^PASS tcp:\/\/127\.0\.0\.1:\d+ connected to 127\.0\.0\.1 in/);
    expect(report.result["addresses"]).toMatchObject([
      { on: "127.0.0.1", connect: { family: 4, class: "loopback", localAddress: "127.0.0.1" } },
    ]);
  });

  test("tells a closed port apart: refused is an answer", async () => {
    const report = await ask(tcp, [["target", `127.0.0.1:${await closedPort()}`]]);
    expect(report).toMatchObject({
      verdict: "fail",
      findings: [{ code: "tcp.refused", blame: "target", confidence: "certain" }],
      steps: [
        { name: "resolve", verdict: "pass" },
        { name: "connect", on: "127.0.0.1", verdict: "fail", code: "tcp.refused" },
      ],
    });
  });

  test("calls a reset a reset, when it is seen before the connection can be used", async () => {
    const { port } = await resetting();
    const report = await ask(tcp, [["target", `127.0.0.1:${port}`]]);
    // The reset races with the end of the handshake: either the one or the other was seen.
    expect(report.findings.map((one) => one.code)).toEqual(
      report.verdict === "pass" ? [] : ["tcp.reset"],
    );
  });

  test("dials every address of a name, and one dead family is a warning", async () => {
    const { port } = await silent();
    const report = await ask(tcp, [["target", `localhost:${port}`]]);
    const addresses = report.result["addresses"];
    expect(Array.isArray(addresses) && addresses.length).toBeGreaterThan(0);
    expect(["pass", "warn"]).toContain(report.verdict);
  });

  test("is refused where it must not go, and nothing is sent", async () => {
    const report = await ask(tcp, [["target", "169.254.169.254:80"]]);
    expect(report).toMatchObject({
      verdict: "error",
      result: {
        stopped: { stage: "resolve", code: "policy.floor", detail: { class: "link-local" } },
      },
    });
    expect(report.steps).toContainEqual({ name: "connect", verdict: "skip" });
  });
});

describe("expect.reachable", () => {
  test("false is a pass for a port that stays closed, and explains itself as information", async () => {
    const target = `127.0.0.1:${await closedPort()}`;
    const report = await ask(tcp, [
      ["target", target],
      ["expect.reachable", "false"],
    ]);
    expect(report).toMatchObject({ verdict: "pass", findings: [{ severity: "info" }] });
    expect(report.expected).toMatchObject([{ key: "reachable", actual: "false", ok: true }]);
  });

  test("false is a failure for a port that is open", async () => {
    const { port } = await silent();
    const report = await ask(tcp, [
      ["target", `127.0.0.1:${port}`],
      ["expect.reachable", "false"],
    ]);
    expect(report).toMatchObject({ verdict: "fail", expected: [{ ok: false, actual: "true" }] });
    expect(report.summary).toContain("expect.reachable");
  });

  test("false does not hold for what was never measured", async () => {
    const report = await ask(tcp, [
      ["target", "169.254.169.254:80"],
      ["expect.reachable", "false"],
    ]);
    expect(report.expected).toMatchObject([{ ok: false, actual: "unknown" }]);
  });
});

describe("count", () => {
  test("repeats one after the other and sums up", async () => {
    const server = await silent();
    const { port } = server;
    const report = await ask(tcp, [
      ["target", `127.0.0.1:${port}`],
      ["count", "5"],
      ["intervalMs", "1"],
    ]);
    expect(server.accepted()).toBe(5);
    expect(report).toMatchObject({
      verdict: "pass",
      summary: expect.stringContaining("5 of 5 connected"),
    });
    expect(report.result["addresses"]).toMatchObject([
      {
        attempts: Array.from({ length: 5 }, (_, index) => ({
          on: `127.0.0.1 #${index + 1}`,
          connect: { address: "127.0.0.1" },
        })),
        tally: {
          sent: 5,
          answered: 5,
          lossPercent: 0,
          minMs: expect.any(Number),
          avgMs: expect.any(Number),
          medianMs: expect.any(Number),
          p95Ms: expect.any(Number),
          maxMs: expect.any(Number),
          jitterMs: expect.any(Number),
        },
      },
    ]);
  });

  test("counts what is lost, and can be held to it", async () => {
    const target = `127.0.0.1:${await closedPort()}`;
    const report = await ask(tcp, [
      ["target", target],
      ["count", "3"],
      ["intervalMs", "0"],
      ["expect.lossPercent", "10"],
    ]);
    expect(report).toMatchObject({ verdict: "fail", findings: [{ code: "tcp.refused" }] });
    expect(report.expected).toMatchObject([{ key: "lossPercent", actual: "100", ok: false }]);
  });

  test("is refused when it cannot fit into a minute", async () => {
    const pairs: [string, string][] = [
      ["target", "127.0.0.1:1"],
      ["count", "100"],
      ["timeoutMs", "5000"],
    ];
    await expect(ask(tcp, pairs)).rejects.toThrow("must fit");
  });
});

describe("parallel", () => {
  test("opens all connections before it closes one", async () => {
    let open = 0;
    let most = 0;
    const { port } = await tcpServer((socket) => {
      open += 1;
      most = Math.max(most, open);
      socket.resume().on("close", () => (open -= 1));
    });
    const report = await ask(tcp, [
      ["target", `127.0.0.1:${port}`],
      ["parallel", "16"],
    ]);
    expect(report.result["addresses"]).toMatchObject([{ tally: { sent: 16, answered: 16 } }]);
    await expect.poll(() => most).toBe(16);
  });

  test("fails for its target alone: a control that answers saves nothing, one that is closed only warns", async () => {
    const [alive, dead] = [`127.0.0.1:${(await silent()).port}`, `127.0.0.1:${await closedPort()}`];
    const fails = await ask(tcp, [
      ["target", dead],
      ["control", alive],
      ["expect.reachable", "true"],
    ]);
    expect(fails).toMatchObject({
      verdict: "fail",
      findings: [{ code: "tcp.refused", severity: "fail" }],
      expected: [{ key: "reachable", actual: "false", ok: false }],
    });
    const holds = await ask(tcp, [
      ["target", alive],
      ["control", dead],
      ["expect.reachable", "true"],
    ]);
    expect(holds).toMatchObject({
      verdict: "warn",
      findings: [{ code: "tcp.refused", severity: "warn", on: [dead] }],
      expected: [{ key: "reachable", actual: "true", ok: true }],
    });
  });

  test("compares with control targets in the same run", async () => {
    const { port } = await silent();
    const report = await ask(tcp, [
      ["target", `127.0.0.1:${port}`],
      ["parallel", "4"],
      ["control", `127.0.0.1:${port}`],
      ["control", `127.0.0.1:${await closedPort()}`],
    ]);
    expect(report.result["controls"]).toMatchObject([
      { on: `127.0.0.1:${port}`, connect: { family: 4 } },
      { stopped: { code: "tcp.refused" } },
    ]);
  });

  test("excludes count", async () => {
    const pairs: [string, string][] = [
      ["target", "127.0.0.1:1"],
      ["parallel", "2"],
      ["count", "2"],
    ];
    await expect(ask(tcp, pairs)).rejects.toThrow("exclude");
  });
});
