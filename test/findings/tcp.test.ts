import { describe, expect, test } from "vitest";
import { conclude } from "../../lib/findings/conclude.ts";
import type { Leaf } from "../../lib/leaves.ts";

const connected = (connectMs: number, tally: object = {}) => {
  const facts = { connect: { address: "10.0.0.4", connectMs }, tally };
  return conclude([{ facts, on: "10.0.0.4 #1", depth: 2 }]).map(({ code }) => code);
};

describe("tcp.lost_syn", () => {
  test.each([1000, 1080, 3005, 7100])("is drawn from %d ms, when a SYN is sent again", (ms) => {
    expect(connected(ms)).toEqual(["tcp.lost_syn"]);
  });

  test.each([0.4, 240, 999, 1121, 2000, 3200, 6900])("is not drawn from %d ms", (ms) => {
    expect(connected(ms)).toEqual([]);
  });
});

describe("tcp.first_slow", () => {
  const tally = { firstMs: 300, medianMs: 20, answered: 5 };
  test("is drawn when the first attempt paid for the rest", () => {
    expect(connected(20, tally)).toEqual(["tcp.first_slow"]);
  });

  test.each([
    { firstMs: 60, medianMs: 20 },
    { firstMs: 40, medianMs: 0.2 },
    { answered: 2 },
    { firstMs: undefined },
  ])("is not drawn with %o instead", (other) => {
    expect(connected(20, { ...tally, ...other })).toEqual([]);
  });
});

describe("several addresses", () => {
  const leaf = (address: string, code?: string, connectMs?: number): Leaf => ({
    facts: {
      connect: {
        address,
        family: address.includes(":") ? 6 : 4,
        ...(connectMs === undefined ? {} : { connectMs }),
      },
    },
    on: address,
    depth: 2,
    ...(code === undefined ? {} : { stopped: { stage: "connect", code, message: "the message" } }),
  });
  const drawn = (...leaves: Leaf[]) =>
    conclude(leaves)
      .map(({ code }) => code)
      .filter((code) => code.endsWith("_dead"));

  test("of which IPv6 is dead and IPv4 answers", () => {
    expect(drawn(leaf("fd00::4", "tcp.timeout"), leaf("10.0.0.4", undefined, 2))).toEqual([
      "tcp.ipv6_dead",
    ]);
    // The port opened: what is wrong with its certificate is another story.
    expect(drawn(leaf("fd00::4", "tcp.timeout"), leaf("10.0.0.4", "tls.expired", 2))).toEqual([
      "tcp.ipv6_dead",
    ]);
  });

  test.each(["tcp.forbidden", "tcp.no_ports", "sonde.deadline", "tcp.refused"])(
    "of which none is known to answer, because of %s",
    (code) => {
      expect(drawn(leaf("fd00::4", "tcp.timeout"), leaf("10.0.0.4", code))).toEqual([]);
      expect(drawn(leaf("10.0.0.4", "tcp.timeout"), leaf("10.0.0.5", code))).toEqual([]);
    },
  );

  test("of which one refuses: that is an answer, and is said", () => {
    const evidenceOf = (...leaves: Leaf[]) => conclude(leaves)[0]?.evidence;
    const living = leaf("10.0.0.4", undefined, 2);
    expect(evidenceOf(leaf("fd00::4", "tcp.refused"), living)).toBe(
      "no connection to fd00::4 (tcp.refused), but to 10.0.0.4",
    );
    expect(evidenceOf(leaf("10.0.0.5", "tcp.refused"), living)).toBe(
      "no connection to 1 of 2 IPv4 addresses: 10.0.0.5 (tcp.refused)",
    );
  });

  test("of one family, some dead", () => {
    expect(drawn(leaf("10.0.0.4", "tcp.timeout"), leaf("10.0.0.5", undefined, 2))).toEqual([
      "tcp.some_dead",
    ]);
  });
});
