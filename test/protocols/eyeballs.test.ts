import { describe, expect, test } from "vitest";
import { oneByOne, race, type Tried } from "../../lib/protocols/eyeballs.ts";

const one = (address: string, ms: number, connected = true): Tried => ({
  address,
  family: address.includes(":") ? 6 : 4,
  ms,
  connected,
});
const dead = (address: string, ms = 5000) => one(address, ms, false);

describe("a client that races (RFC 8305)", () => {
  test.each([
    ["the first that answers at once", [one("::1", 3), one("1.1.1.1", 1)], "::1", 3],
    [
      "the other family after a quarter of a second",
      [dead("::1"), one("1.1.1.1", 10)],
      "1.1.1.1",
      260,
    ],
    [
      "the next one at once when the first refuses",
      [dead("::1", 2), one("1.1.1.1", 10)],
      "1.1.1.1",
      12,
    ],
    ["a slow first before a late second", [one("::1", 255), one("1.1.1.1", 10)], "::1", 255],
    ["a quick second before a slow first", [one("::1", 400), one("1.1.1.1", 10)], "1.1.1.1", 260],
    [
      "the other family second, however many of the first there are",
      [dead("::1"), dead("::2"), dead("::3"), one("1.1.1.1", 10)],
      "1.1.1.1",
      260,
    ],
  ])("gets %s", (_what, tried, address, afterMs) => {
    expect(race(tried)).toEqual({ address, afterMs });
  });

  test("gets nothing where nobody answers", () => {
    expect(race([dead("::1"), dead("1.1.1.1")])).toBeUndefined();
    expect(race([])).toBeUndefined();
  });
});

test("a client that tries one after the other waits for all that come before", () => {
  const tried = [dead("::1", 5000), dead("::2", 1), one("1.1.1.1", 10), one("1.1.1.2", 1)];
  expect(oneByOne(tried)).toEqual({ address: "1.1.1.1", afterMs: 5011 });
  expect(oneByOne([dead("::1")])).toBeUndefined();
});
