/** Servers of NTP, STUN and TDS that misbehave: each ends in time, with the right word, and leaves no socket behind. */
import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import type { AnyProbe } from "../../lib/probe.ts";
import { ntp } from "../../lib/probes/ntp.ts";
import { sql } from "../../lib/probes/sql.ts";
import { stun } from "../../lib/probes/stun.ts";
import { ask } from "../asking.ts";
import { certificates, type Certificate } from "../servers/certificates.ts";
import { openTo } from "../servers/ports.ts";
import { answer, type Fields } from "../servers/scripted-ntp.ts";
import { udpServer } from "../servers/scripted-udp.ts";
import { attribute, endpoint, mappedTo, response } from "../servers/stun-messages.ts";
import { greeting, silent } from "../servers/tcp.ts";
import { routing, tdsServer } from "../servers/tds.ts";

const DEADLINE_MS = 1000;

let good: Certificate;
beforeAll(async () => {
  const made = await certificates();
  good = made("good");
  const ca = readFileSync(made("ca").cert, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
});

interface Row {
  readonly probe: AnyProbe;
  readonly start: () => Promise<{ readonly port: number }>;
  /** What leads. */
  readonly code: string;
  readonly more?: Readonly<Record<string, string>>;
}

const time = (code: string, fields: Fields): Row => ({
  probe: ntp,
  start: () => udpServer((request) => [answer(request, fields)]),
  code,
  more: { samples: "4" },
});

const routeTo = (follow: string): Row => ({
  probe: sql,
  start: () => tdsServer({ certificate: good, answer: routing("169.254.169.254", 11_003) }),
  code: "policy.route",
  more: { login: "dummy", follow },
});

/** Error 300, and where to go instead: an address that nobody may be sent to. */
const tryAlternate = (request: Buffer) =>
  response(
    request,
    0x0111,
    attribute(0x0009, Buffer.of(0, 0, 3, 0)),
    attribute(0x8023, endpoint([169, 254, 169, 254], 80)),
  );

function foreign(request: Buffer): Buffer {
  const bytes = mappedTo(request, [127, 0, 0, 1], 9);
  bytes[19] = (bytes[19] ?? 0) ^ 1;
  return bytes;
}

const rows: Readonly<Record<string, Row>> = {
  "NTP: a kiss-o'-death": time("ntp.kod", { stratum: 0, referenceId: "DENY", leap: 3 }),
  "NTP: another originate timestamp": time("ntp.malformed", { originate: 1n }),
  "NTP: stratum 0": time("ntp.unsynchronised", { stratum: 0, referenceId: 0 }),
  "NTP: stratum 17": time("ntp.unsynchronised", { stratum: 17 }),
  "NTP: silence": {
    probe: ntp,
    start: () => udpServer(() => []),
    code: "ntp.timeout",
    more: { samples: "8" },
  },
  "STUN: another transaction": {
    probe: stun,
    start: () => udpServer((request) => [foreign(request)]),
    code: "stun.timeout",
  },
  "STUN: an alternate server that is not to be asked": {
    probe: stun,
    start: () => udpServer((request) => [tryAlternate(request)]),
    code: "stun.refused",
  },
  "TDS: 65,535 octets announced and 8 sent": {
    probe: sql,
    start: () => greeting("\u0004\u0001\u00ff\u00ff\0\0\u0001\0"),
    code: "service.timeout",
  },
  "TDS: silence": { probe: sql, start: silent, code: "service.timeout" },
  "TDS: a route to the floor": routeTo("0"),
  "TDS: a route to the floor, to be followed": routeTo("1"),
};

describe.skipIf(process.platform !== "linux")("a server that lies", () => {
  test.each(Object.entries(rows))("%s", async (_what, { probe, start, code, more = {} }) => {
    const { port } = await start();
    const pairs = { target: `127.0.0.1:${port}`, timeoutMs: String(DEADLINE_MS), ...more };
    const began = performance.now();
    const report = await ask(probe, Object.entries(pairs));
    expect(performance.now() - began).toBeLessThan(DEADLINE_MS + 250);
    expect(report.findings.map((one) => one.code)).toContain(code);
    expect(report.ok).toBe(false);
    await expect.poll(() => openTo(port) + openTo(port, "udp")).toBe(0);
  });
});

test("a time server that stays silent is sent four questions, however many are wanted", async () => {
  const server = await udpServer(() => []);
  const pairs = { target: `127.0.0.1:${server.port}`, samples: "8", timeoutMs: "800" };
  await ask(ntp, Object.entries(pairs));
  expect(server.asked).toHaveLength(4);
});
