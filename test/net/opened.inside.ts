/** Runs inside the network that opened.test.ts makes: a firewall that forgets connections after a second. */
import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import type { Report } from "../../lib/report.ts";
import { seeWorld } from "../../lib/world.ts";
import { ask, localEdge } from "../asking.ts";
import { tcpServer } from "../servers/tcp.ts";

beforeAll(() => {
  writeFileSync("/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established", "1");
});

/** An edge that sees the connections of this network, as one on Linux does. */
const { tcpTable } = seeWorld({}).host;
const seeing = localEdge(undefined, "", tcpTable === undefined ? {} : { tcpTable });
const blind = localEdge();

const after = (address: string, port: number, edge = seeing, ...more: Pair[]) =>
  ask(
    tcp,
    [["target", `${address}:${port}`], ["idleMs", 2500], ["timeoutMs", 1000], ...more],
    edge,
  );

const attempts = (report: Report): unknown => {
  const [first] = [report.result["addresses"]].flat();
  return Reflect.get(Object(first), "attempts");
};
const codes = (report: Report) => report.findings.map(({ code }) => code);

describe("a connection that is silent for longer than the firewall remembers it", () => {
  test("is dropped without a word: what is sent then is never acknowledged", async () => {
    const { port } = await tcpServer((socket) => socket.resume(), "10.9.1.1");
    const report = await after("10.9.1.1", port);
    expect(attempts(report)).toMatchObject([
      {
        on: "10.9.1.1 after 2.5 s",
        idle: { outcome: "unacknowledged" },
        stopped: { stage: "idle", code: "tcp.unacknowledged" },
      },
      { on: "10.9.1.1 at once", idle: { outcome: "acknowledged", heard: 0, sent: 2 } },
    ]);
    // The acknowledgement itself, and not the wait for an answer that may follow it.
    const [, atOnce] = [attempts(report)].flat();
    expect(Reflect.get(Object(atOnce), "idle").afterMs).toBeLessThan(200);
    expect(report.findings).toMatchObject([
      { code: "tcp.idle_cut", severity: "fail", on: ["10.9.1.1 after 2.5 s"] },
      { code: "tcp.unacknowledged", severity: "warn" },
    ]);
    expect(report).toMatchObject({ verdict: "fail" });
  });

  test("is reset by a firewall that says so", async () => {
    const { port } = await tcpServer((socket) => socket.resume(), "10.9.1.2");
    const report = await after("10.9.1.2", port);
    expect(codes(report)).toEqual(["tcp.idle_cut", "tcp.reset"]);
    expect(report.findings[0]?.evidence).toContain("answered with a reset");
  });

  test("is known to be cut by the reset alone, where the host does not show acknowledgements", async () => {
    const { port } = await tcpServer((socket) => socket.resume(), "10.9.1.2");
    expect(codes(await after("10.9.1.2", port, blind))).toEqual(["tcp.idle_cut", "tcp.reset"]);
  });

  test("and silence then stays unknown, which is no finding", async () => {
    const { port } = await tcpServer((socket) => socket.resume(), "10.9.1.1");
    const report = await after("10.9.1.1", port, blind);
    expect(codes(report)).toEqual([]);
    expect(attempts(report)).toMatchObject([
      { idle: { outcome: "unknown" } },
      { idle: { outcome: "unknown" } },
    ]);
  });

  test("is kept alive by a server that talks meanwhile, and that is told", async () => {
    const { port } = await tcpServer((socket) => {
      const timer = setInterval(() => socket.write("."), 300);
      socket.resume().on("close", () => clearInterval(timer));
    }, "10.9.1.1");
    const report = await after("10.9.1.1", port);
    expect(codes(report)).toEqual([]);
    expect(attempts(report)).toMatchObject([{ idle: { heard: expect.any(Number) } }, {}]);
  });
});

describe("where no firewall forgets", () => {
  test("it is still there, and answers", async () => {
    const { port } = await tcpServer((socket) =>
      socket.on("data", () => socket.write("500 ?\r\n")),
    );
    const report = await after("127.0.0.1", port);
    expect(report).toMatchObject({ verdict: "pass", findings: [] });
    expect(attempts(report)).toMatchObject([
      { idle: { outcome: "answered" } },
      { idle: { outcome: "answered" } },
    ]);
    expect(report.summary).toContain("of silence it was answered");
  });

  test("a server that ends idle connections itself is told apart", async () => {
    const { port } = await tcpServer((socket) =>
      socket.resume().setTimeout(700, () => socket.end()),
    );
    const report = await after("127.0.0.1", port);
    expect(codes(report)).toEqual(["tcp.idle_closed", "tcp.closed"]);
    expect(report).toMatchObject({ verdict: "warn" });
    expect(report.findings[0]?.evidence).toMatch(/closed the connection after 0\.\d s of silence/);
  });

  test("a server that resets whatever it is sent is no idle cut", async () => {
    const { port } = await tcpServer((socket) => socket.on("data", () => socket.resetAndDestroy()));
    expect(codes(await after("127.0.0.1", port))).toEqual(["tcp.reset"]);
  });
});
