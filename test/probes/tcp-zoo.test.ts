/**
 * TCP servers that misbehave: each ends in time and with the right word, and leaves neither a socket nor
 * memory behind.
 */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { tcp } from "../../lib/probes/tcp.ts";
import { ask } from "../asking.ts";
import { closedPort, openTo } from "../servers/ports.ts";
import {
  babbling,
  closingAtOnce,
  dripping,
  fullBacklog,
  halfClosing,
  resetting,
  resettingAfterAnOctet,
  silent,
} from "../servers/tcp.ts";
import { memoryOf } from "./zoo.ts";

const DEADLINE_MS = 1000;

interface Row {
  readonly start: () => Promise<{ readonly port: number }>;
  /** How the only branch looks. */
  readonly branch: object;
  /** Other codes that lead; none for a pass. */
  readonly code?: string;
  readonly withinMs?: number;
}

const stopped = (stage: string, code: string) => ({ stopped: { stage, code } });

const rows: Readonly<Record<string, Row>> = {
  "accepts and never speaks": {
    start: silent,
    branch: { banner: { ended: "silent", bytes: 0, truncated: false } },
  },
  "resets after one octet": {
    start: resettingAfterAnOctet,
    branch: {
      banner: { ended: "reset", bytes: 1, text: "2" },
      ...stopped("banner", "tcp.reset"),
    },
    code: "tcp.reset",
  },
  "ends at once": {
    start: closingAtOnce,
    branch: { banner: { ended: "closed", bytes: 0 }, ...stopped("banner", "tcp.closed") },
    code: "tcp.closed",
  },
  "ends its half in mid-line and stays": {
    start: halfClosing,
    branch: { banner: { ended: "closed", bytes: 8, text: "220 mail", speaks: "smtp" } },
  },
  "drips an octet at a time": {
    start: () => dripping("220 mail.example ESMTP ready and more", 200),
    branch: { banner: { ended: "cut", text: expect.stringMatching(/^220/), truncated: false } },
  },
  "never ends its greeting": {
    start: babbling,
    branch: { banner: { ended: "full", bytes: 1024, truncated: true, speaks: "smtp or ftp" } },
  },
  "has a full backlog": {
    start: fullBacklog,
    branch: { connect: { address: "127.0.0.1" }, ...stopped("connect", "tcp.timeout") },
    code: "tcp.timeout",
  },
  "has a closed port": {
    start: async () => ({ port: await closedPort() }),
    branch: stopped("connect", "tcp.refused"),
    code: "tcp.refused",
    withinMs: 300,
  },
};

const asking = (port: number) =>
  ask(tcp, [
    ["target", `127.0.0.1:${port}`],
    ["banner", "1"],
    ["timeoutMs", DEADLINE_MS],
  ]);

describe.skipIf(process.platform !== "linux")("a server that", () => {
  test.each(Object.entries(rows))("%s", async (_what, { start, branch, code, withinMs }) => {
    const { port } = await start();
    const before = openTo(port);
    const began = performance.now();
    const report = await asking(port);
    expect(performance.now() - began).toBeLessThan(withinMs ?? DEADLINE_MS + 250);
    expect(report.result["addresses"]).toMatchObject([branch]);
    expect(report.findings.map((one) => one.code)).toEqual(code === undefined ? [] : [code]);
    await expect.poll(() => openTo(port)).toBe(before);
  });

  test("resets as soon as it has accepted", async () => {
    const { port } = await resetting();
    const report = await asking(port);
    // The reset races with the end of the handshake: it is seen in the one stage or in the other.
    expect(report.findings.map((one) => one.code)).toEqual(["tcp.reset"]);
    await pause(50);
    expect(openTo(port)).toBe(0);
  });
});

test("all of them together leave less than a megabyte behind", async () => {
  const starts = [...Object.values(rows).map(({ start }) => start), resetting];
  const servers = await Promise.all(starts.map((start) => start()));
  const questions = servers.map(({ port }): [string, string][] => [
    ["target", `127.0.0.1:${port}`],
    ["banner", "1"],
    ["timeoutMs", "200"],
  ]);
  const { asked, resident, heap, peak } = await memoryOf("tcp", questions);
  expect(asked).toBeGreaterThanOrEqual(servers.length);
  expect(resident).toBeLessThan(1);
  expect(heap).toBeLessThan(1);
  expect(peak).toBeLessThan(64);
}, 120_000);
