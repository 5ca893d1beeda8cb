import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../lib/failure.ts";
import {
  decodeReply,
  encodeRequest,
  kissOf,
  leaps,
  measure,
  referenceOf,
  refusalOf,
  whyNotTheAnswer,
} from "../../lib/protocols/ntp.ts";
import { msBetween, timestampOf, unixMsOf } from "../../lib/protocols/ntp-time.ts";
import { packet, type Fields } from "../servers/scripted-ntp.ts";

const decoded = (fields: Fields) => decodeReply(packet(fields));
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
/** Healthy, so that a test changes one thing. */
const healthy: Fields = { receive: 1n, transmit: 1n };

describe("the question", () => {
  test("says version 4, client and the nonce, and nothing else", () => {
    const bytes = encodeRequest(0x0123456789abcdefn);
    expect(Buffer.from(bytes).toString("hex")).toBe(`23${"00".repeat(39)}0123456789abcdef`);
  });
});

describe("the answer", () => {
  test("reads as it was written", () => {
    const times = { reference: u64, originate: u64, receive: u64, transmit: u64 };
    const fields = fc.record({
      ...times,
      leap: fc.nat(3),
      version: fc.nat(7),
      mode: fc.nat(7),
      stratum: fc.nat(255),
      precision: fc.integer({ min: -128, max: 127 }),
      rootDelay: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      rootDispersion: fc.nat(2 ** 32 - 1),
      referenceId: fc.nat(2 ** 32 - 1),
    });
    fc.assert(
      fc.property(fields, fc.uint8Array({ maxLength: 100 }), (given, rest) => {
        // Extension fields and an authenticator change nothing.
        const { leap, precision, rootDelay, rootDispersion, ...same } = given;
        expect(decodeReply(Buffer.concat([packet(given), rest]))).toEqual({
          ...same,
          leap: leaps[leap],
          precisionMs: 1000 * 2 ** precision,
          rootDelayMs: rootDelay / 65.536,
          rootDispersionMs: rootDispersion / 65.536,
        });
      }),
    );
  });

  test("no octets make reading, judging or measuring throw anything but a Failure", () => {
    const octets = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ minLength: 48, maxLength: 48 }),
    );
    fc.assert(
      fc.property(octets, u64, (bytes, nonce) => {
        try {
          whyNotTheAnswer(bytes, nonce);
          const reply = decodeReply(bytes);
          kissOf(reply);
          expect(referenceOf(reply).id).toMatch(/^[\x21-\x7e]+$/);
          refusalOf(reply);
          const { delayMs, offsetMs } = measure(reply, 1.8e12, 1.8e12 + 1);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(offsetMs).toBeTypeOf("number");
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          expect(error.code).toBe("ntp.malformed");
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("another originate timestamp, by a single bit, is refused", () => {
    fc.assert(
      fc.property(u64, fc.nat(63), (nonce, bit) => {
        expect(whyNotTheAnswer(packet({ originate: nonce }), nonce)).toBeUndefined();
        const forged = packet({ originate: nonce ^ (1n << BigInt(bit)) });
        expect(whyNotTheAnswer(forged, nonce)).toMatch(/originate/);
      }),
    );
  });

  test.each([0, 1, 2, 3, 5, 6, 7])("mode %i is no server's", (mode) => {
    expect(whyNotTheAnswer(packet({ mode }), 0n)).toMatch(`mode ${mode} (`);
  });

  test("47 octets are too few", () => {
    const short = packet().subarray(0, 47);
    expect(whyNotTheAnswer(short, 0n)).toBe("47 octets, 48 are needed");
    expect(() => decodeReply(short)).toThrow(expect.objectContaining({ code: "ntp.malformed" }));
  });
});

describe("what an answer says", () => {
  test.each([
    ["ntp.kod", { stratum: 0, referenceId: "RATE", leap: 3 }],
    ["ntp.kod", { stratum: 0, referenceId: "DENY" }],
    ["ntp.kod", { stratum: 0, referenceId: "X123" }],
    ["ntp.unsynchronised", { stratum: 0, referenceId: "INIT", leap: 3 }],
    ["ntp.unsynchronised", { stratum: 0, referenceId: "STEP", leap: 3 }],
    ["ntp.unsynchronised", { stratum: 0, referenceId: 0 }],
    ["ntp.unsynchronised", { stratum: 16 }],
    ["ntp.unsynchronised", { stratum: 17 }],
    ["ntp.unsynchronised", { stratum: 255 }],
    ["ntp.unsynchronised", { leap: 3 }],
    ["ntp.malformed", { version: 0 }],
    ["ntp.malformed", { version: 5 }],
    ["ntp.malformed", { receive: 0n }],
    ["ntp.malformed", { transmit: 0n }],
    [undefined, {}],
    [undefined, { stratum: 15 }],
    [undefined, { stratum: 1, referenceId: "RATE" }],
    [undefined, { version: 3, leap: 1 }],
    [undefined, { version: 1, leap: 2 }],
  ])("%s: %o", (code, fields: Fields) => {
    expect(refusalOf(decoded({ ...healthy, ...fields }))?.code).toBe(code);
  });

  test("a kiss-o'-death is named, with its meaning", () => {
    const no = refusalOf(decoded({ stratum: 0, referenceId: "RSTR" }));
    expect(no?.message).toBe(
      "kiss-o'-death RSTR: the server's local policy denies this client access",
    );
    expect(no?.detail).toEqual({ kiss: "RSTR" });
  });

  test.each([
    [1, "GPS", { id: "GPS", kind: "code" }],
    [1, "PPS\0", { id: "PPS", kind: "code" }],
    [1, 0x00010203, { id: "00010203", kind: "code" }],
    [0, 0, { id: "00000000", kind: "code" }],
    [2, 0x0a000001, { id: "10.0.0.1", kind: "address" }],
    [3, 0xdfffffff, { id: "223.255.255.255", kind: "address" }],
    [3, 0xe0000001, { id: "E0000001", kind: "hash" }],
    [3, 0x00ffffff, { id: "00FFFFFF", kind: "hash" }],
    [10, 0x7f7f0101, { id: "127.127.1.1", kind: "local" }],
  ])("stratum %i, reference %s", (stratum, referenceId, reference) => {
    expect(referenceOf(decoded({ stratum, referenceId }))).toEqual(reference);
  });
});

const sent = Date.UTC(2026, 10, 20);
/** A server that is so far ahead, reached and left in so many milliseconds, holding the question. */
const exchange = (sentMs: number, ahead: number, there: number, held: number, back: number) => {
  const receive = timestampOf(sentMs + there + ahead);
  const transmit = timestampOf(sentMs + there + held + ahead);
  return measure(decoded({ receive, transmit }), sentMs, sentMs + there + held + back);
};

describe("offset and delay", () => {
  test("the error is at most half the delay, whatever way was slow", () => {
    const ms = fc.double({ min: 0, max: 5000, noNaN: true });
    const ahead = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(ahead, ms, ms, ms, (truth, there, held, back) => {
        const { offsetMs, delayMs } = exchange(sent, truth, there, held, back);
        expect(Math.abs(delayMs - there - back)).toBeLessThan(0.01);
        expect(Math.abs(offsetMs - truth)).toBeLessThanOrEqual(delayMs / 2 + 0.01);
      }),
    );
  });

  test.each([
    ["before", -2000, 5],
    ["across", -1, 5],
    ["across, with the server in the old era", 1, -5],
    ["after", 2000, 5],
  ])("an era that ends in 2036 makes no difference: %s", (_, from, ahead) => {
    const end = Date.UTC(2036, 1, 7, 6, 28, 16);
    expect(timestampOf(end)).toBe(0n);
    const { offsetMs, delayMs } = exchange(end + from, ahead, 2, 1, 2);
    expect(offsetMs).toBeCloseTo(ahead, 2);
    expect(delayMs).toBeCloseTo(4, 2);
  });

  test("a question held for longer than we waited is a contradiction", () => {
    const reply = decoded({ receive: timestampOf(sent), transmit: timestampOf(sent + 1000) });
    expect(() => measure(reply, sent, sent + 10)).toThrow(
      "the server claims to have held the question for 1000.0 ms of 10.0 ms",
    );
  });

  test("as much as the server's clock is coarse is forgiven", () => {
    const times = { receive: timestampOf(sent), transmit: timestampOf(sent + 15) };
    expect(measure(decoded({ ...times, precision: -6 }), sent, sent + 1).delayMs).toBe(0);
    expect(() => measure(decoded({ ...times, precision: -20 }), sent, sent + 1)).toThrow(Failure);
  });

  test("a timestamp is read in the era that is nearest", () => {
    const near = fc.integer({ min: 0, max: Date.UTC(2300, 0, 1) });
    const away = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
    fc.assert(
      fc.property(near, away, (nearMs, awayMs) => {
        const there = timestampOf(nearMs + awayMs);
        expect(unixMsOf(there, nearMs)).toBeCloseTo(nearMs + awayMs, 1);
        expect(msBetween(there, timestampOf(nearMs))).toBeCloseTo(-awayMs, 1);
      }),
    );
  });
});
