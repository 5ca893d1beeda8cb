/** The ntp probe against chronyd, and against servers that no real one would be on demand. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { sheets } from "../../lib/facts/index.ts";
import { ntpSheet } from "../../lib/facts/ntp.ts";
import { check } from "../../lib/probes/check.ts";
import { ntp } from "../../lib/probes/ntp.ts";
import type { Report } from "../../lib/report.ts";
import { timestampOf } from "../../lib/protocols/ntp-time.ts";
import * as surface from "../../lib/surfaces/text.ts";
import { ask } from "../asking.ts";
import { startChrony, type Chrony } from "../servers/chrony.ts";
import { needs } from "../servers/needs.ts";
import { answer, startScripted, type Fields, type Script } from "../servers/scripted-ntp.ts";

const branch = z.object({
  on: z.literal("127.0.0.1"),
  ntp: ntpSheet.facts.partial().extend({ samples: ntpSheet.facts.shape.samples }),
  stopped: z.object({ stage: z.literal("ntp"), code: z.string(), message: z.string() }).optional(),
});

/** The only branch of a report: what was learned of the one address. */
function learned(report: Report) {
  const { addresses } = z.object({ addresses: z.tuple([branch]) }).parse(report.result);
  const [{ ntp: facts, stopped }] = addresses;
  return { facts, stopped, outcomes: facts.samples.map((one) => one.outcome) };
}

function askAt(port: number, more: Readonly<Record<string, string>> = {}): Promise<Report> {
  return ask(ntp, Object.entries({ target: `127.0.0.1:${port}`, ...more }));
}

/** Asks a scripted server, which ends with the test. */
async function askScripted(script: Script, more: Readonly<Record<string, string>> = {}) {
  await using server = await startScripted(script);
  const report = await askAt(server.port, more);
  return { report, ...learned(report), asked: server.asked.length };
}

needs("chronyd")("chronyd", () => {
  let server: Chrony;
  beforeAll(async () => {
    server = await startChrony("local stratum 3", "allow 127.0.0.1");
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test("tells the time: every fact is there, and the true offset lies within the error", async () => {
    const report = await askAt(server.port);
    const { facts, outcomes } = learned(report);
    expect(report).toMatchObject({ verdict: "pass", ok: true, findings: [] });
    expect(report.summary).toMatch(
      /^PASS ntp:\/\/127\.0\.0\.1:\d+ offset [+-][\d.]+ ± [\d.]+ ms from a stratum 3$/,
    );
    expect(outcomes).toEqual(["answered"]);
    const whole = ntpSheet.facts.parse(facts);
    expect(whole).toMatchObject({
      server: `127.0.0.1:${server.port}`,
      version: 4,
      leap: "none",
      stratum: 3,
      referenceId: "127.127.1.1",
      referenceKind: "local",
    });
    // The server reads the clock of this very machine.
    expect(Math.abs(whole.offsetMs)).toBeLessThanOrEqual(whole.errorMs + 0.1);
    expect(whole.errorMs).toBeGreaterThan(whole.delayMs / 2 - 0.001); // both are rounded
    expect(whole.rootDistanceMs).toBeGreaterThan(whole.errorMs - 0.001);
  });

  test("agrees with chrony's own client", async () => {
    const theirs = await server.query();
    const { facts } = learned(await askAt(server.port, { samples: "4" }));
    const ours = facts.offsetMs ?? Number.NaN;
    console.log(`offset: chronyd -Q says ${theirs} ms, the probe ${ours} ms`);
    expect(Math.abs(ours - theirs)).toBeLessThan(5);
  });

  test("of several samples the one with the shortest delay counts", async () => {
    const { facts, outcomes } = learned(await askAt(server.port, { samples: "8" }));
    expect(outcomes).toEqual(Array.from({ length: 8 }, () => "answered"));
    const [best] = facts.samples.toSorted((one, two) => (one.delayMs ?? 0) - (two.delayMs ?? 0));
    expect(facts).toMatchObject({ offsetMs: best?.offsetMs, delayMs: best?.delayMs });
    expect(facts.jitterMs).toBeTypeOf("number");
  });

  test("is found by check through its scheme", async () => {
    const report = await ask(check, [["target", `ntp://127.0.0.1:${server.port}`]]);
    expect(report.verdict).toBe("pass");
    expect(report.steps.map((step) => step.name)).toEqual(["resolve", "ntp"]);
    expect(learned(report).facts.stratum).toBe(3);
  });

  test.each([
    ["maxOffsetMs", "1000", true],
    ["stratum", "1,2", false],
    ["stratum", "3", true],
    ["leap", "insert", false],
    ["leap", "none", true],
  ])("expect.%s=%s holds: %s", async (key, text, ok) => {
    const report = await askAt(server.port, { [`expect.${key}`]: text });
    expect(report.expected).toEqual([expect.objectContaining({ key, ok })]);
    expect(report.verdict).toBe(ok ? "pass" : "fail");
  });

  test("without a source it is unsynchronised, and its facts are kept", async () => {
    await using unset = await startChrony("allow 127.0.0.1");
    const report = await askAt(unset.port, { samples: "4" });
    const { facts, stopped, outcomes } = learned(report);
    expect(stopped?.code).toBe("ntp.unsynchronised");
    expect(outcomes).toEqual(["ntp.unsynchronised"]);
    expect(facts).toMatchObject({ leap: "unsynchronised", version: 4 });
    expect(report.summary).toMatch(/^FAIL ntp\.unsynchronised /);
  });

  test("to a client that it does not serve it is silent", async () => {
    await using closed = await startChrony("local stratum 3", "allow 127.0.0.2");
    const report = await askAt(closed.port, { samples: "2", timeoutMs: "400" });
    const { stopped, outcomes } = learned(report);
    expect(stopped?.code).toBe("ntp.timeout");
    expect(outcomes).toEqual(["ntp.timeout", "ntp.timeout"]);
    expect(report.findings[0]).toMatchObject({ code: "ntp.timeout", blame: "network" });
  });
});

describe("a server that says no", () => {
  test.each([
    ["ntp.kod", { stratum: 0, referenceId: "RATE", leap: 3 }],
    ["ntp.kod", { stratum: 0, referenceId: "DENY", leap: 3 }],
    ["ntp.unsynchronised", { stratum: 0, referenceId: "INIT", leap: 3 }],
    ["ntp.unsynchronised", { stratum: 0, referenceId: 0 }],
    ["ntp.unsynchronised", { stratum: 17 }],
    ["ntp.unsynchronised", { leap: 3 }],
  ])("%s: %o is named and not asked again", async (code, fields: Fields) => {
    const script: Script = (request) => [answer(request, fields)];
    const { report, stopped, facts, asked } = await askScripted(script, { samples: "4" });
    expect(stopped?.code).toBe(code);
    expect(report.findings[0]?.code).toBe(code);
    expect(asked).toBe(1);
    expect(facts.kiss).toBe(code === "ntp.kod" ? fields.referenceId : undefined);
    expect(facts.offsetMs).toBeUndefined();
  });

  test("a kiss-o'-death after answers ends the burst and is a warning", async () => {
    const { report, facts, outcomes, asked } = await askScripted(
      (request, number) => [
        answer(request, number < 2 ? {} : { stratum: 0, referenceId: "RATE", leap: 3 }),
      ],
      { samples: "6" },
    );
    expect(asked).toBe(3);
    expect(outcomes).toEqual(["answered", "answered", "ntp.kod"]);
    expect(facts).toMatchObject({ kiss: "RATE", stratum: 2 });
    expect(report.verdict).toBe("warn");
    expect(report.findings).toEqual([
      expect.objectContaining({ code: "ntp.kod", severity: "warn" }),
    ]);
  });

  test("a closed port is told from silence, at once", async () => {
    const server = await startScripted(() => []);
    await server[Symbol.asyncDispose]();
    const report = await askAt(server.port, { samples: "3" });
    const { stopped, outcomes } = learned(report);
    expect(stopped?.code).toBe("udp.refused");
    expect(outcomes).toEqual(["udp.refused"]);
    expect(report.ms).toBeLessThan(3000);
  });

  test("silence is what the deadline ends", async () => {
    const { report, stopped, asked } = await askScripted(() => [], { timeoutMs: "300" });
    expect(stopped).toMatchObject({ code: "ntp.timeout", message: "no answer within 0.3 s" });
    expect(asked).toBe(1);
    expect(report.findings[0]?.rivals.length).toBeGreaterThan(1);
    expect(report.ms).toBeLessThan(3000);
  });
});

describe("a server that lies", () => {
  test.each<[string, Script, RegExp]>([
    [
      "a forged originate timestamp",
      (request) => [answer(request, { originate: 1n })],
      /originate/,
    ],
    ["47 octets", (request) => [answer(request).subarray(0, 47)], /47 octets/],
    ["one octet", () => [Buffer.from([0x24])], /1 octets/],
    ["nothing in a datagram", () => [Buffer.alloc(0)], /0 octets/],
    ["our own question", (request) => [request], /mode 3 \(client\)/],
  ])("%s is not the answer, and is kept as evidence", async (_, script, why) => {
    const { stopped, facts } = await askScripted(script, { timeoutMs: "300" });
    expect(stopped?.code).toBe("ntp.malformed");
    expect(stopped?.message).toMatch(why);
    expect(facts.samples).toEqual([
      { outcome: "ntp.malformed", dropped: [expect.stringMatching(why)] },
    ]);
    expect(facts.stratum).toBeUndefined();
  });

  test("forgeries before the answer do not keep it out", async () => {
    const { report, facts } = await askScripted((request) => [
      ...Array.from({ length: 50 }, (_, guess) =>
        answer(request, { originate: BigInt(guess) }, 9e6),
      ),
      answer(request),
    ]);
    expect(report.verdict).toBe("pass");
    expect(Math.abs(facts.offsetMs ?? Number.NaN)).toBeLessThan(1000);
    expect(facts.samples[0]?.dropped).toHaveLength(16);
  });

  test.each<[string, Fields]>([
    ["no receive timestamp", { receive: 0n }],
    ["no transmit timestamp", { transmit: 0n }],
    ["a reception long before", { receive: 1n }],
    ["a transmission long after", { transmit: timestampOf(Date.now() + 3_600_000) }],
    ["version 7", { version: 7 }],
  ])("%s makes no time", async (_, fields) => {
    const { stopped, facts } = await askScripted((request) => [answer(request, fields)]);
    expect(stopped?.code).toBe("ntp.malformed");
    expect(facts.offsetMs).toBeUndefined();
  });

  test("every question has another nonce, and shows no time", async () => {
    await using server = await startScripted((request) => [answer(request)]);
    await askAt(server.port, { samples: "8" });
    const nonces = server.asked.map((request) => request.readBigUInt64BE(40));
    expect(new Set(nonces).size).toBe(8);
    const rests = server.asked.map((request) => request.toString("hex", 0, 40));
    expect(new Set(rests)).toEqual(new Set([`23${"00".repeat(39)}`]));
  });
});

describe("samples", () => {
  test("one that is lost costs its share of the time, not the answer", async () => {
    const { report, outcomes } = await askScripted(
      (request, number) => (number === 0 ? [] : [answer(request)]),
      { samples: "3", timeoutMs: "900" },
    );
    expect(outcomes).toEqual(["ntp.timeout", "answered", "answered"]);
    expect(report.verdict).toBe("pass");
  });

  test("one that was held up on the way back does not count", async () => {
    const { facts } = await askScripted(
      async (request, number) => {
        const made = answer(request);
        await delay(number === 1 ? 0 : 100);
        return [made];
      },
      { samples: "3" },
    );
    const [slow, quick] = facts.samples;
    expect(slow?.delayMs).toBeGreaterThan(90);
    expect(slow?.offsetMs).toBeLessThan(-40);
    expect(facts.offsetMs).toBe(quick?.offsetMs);
    expect(facts.jitterMs).toBeGreaterThan(30);
  });

  test.each([
    [3_600_000, "behind"],
    [-3_600_000, "ahead of"],
  ])("a clock that is %i ms away is seen, whatever its side", async (ahead, side) => {
    const { report, facts } = await askScripted((request) => [answer(request, {}, ahead)], {
      "expect.maxOffsetMs": "60000",
    });
    expect(Math.abs((facts.offsetMs ?? 0) - ahead)).toBeLessThan(1000);
    expect(surface.text.write(report, sheets)).toContain(`this clock is ${side} `);
    expect(report.expected).toMatchObject([
      { key: "maxOffsetMs", wanted: "within ± 60000", ok: false },
    ]);
    expect(report.verdict).toBe("fail");
  });

  test("a clock that differs by less than the error is on neither side", async () => {
    const { report, facts } = await askScripted((request) => [answer(request, { precision: 2 })]);
    expect(Math.abs(facts.offsetMs ?? 0)).toBeLessThan(facts.errorMs ?? 0);
    expect(surface.text.write(report, sheets)).not.toMatch(/this clock is/);
  });

  test.each(["0", "9", "1.5", "many"])("samples=%s is refused", async (samples) => {
    await expect(askAt(1, { samples })).rejects.toThrow(/samples/);
  });
});
