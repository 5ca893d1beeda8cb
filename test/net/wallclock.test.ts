import { afterEach, expect, test, vi } from "vitest";
import { wallClock } from "../../lib/net/wallclock.ts";

afterEach(() => vi.restoreAllMocks());

/**
 * How far a system may set its two clocks against each other between two readings: a virtual machine that
 * corrects its time does so in steps of some tens of µs. Half a millisecond, the fault of a plain
 * `Date.now()`, is well above it.
 */
const SLACK_MS = 0.2;

/** The wall clock now, between two readings of `Date.now()`, which shows whole milliseconds. */
function readBetween() {
  const clock = wallClock();
  const from = Date.now();
  const read = clock.at(performance.now());
  return { from, read, to: Date.now() + 1, errorMs: clock.errorMs };
}

test("stays inside the millisecond that Date.now() shows", () => {
  for (let left = 300; left > 0; left -= 1) {
    const { from, read, to, errorMs } = readBetween();
    expect(read).toBeGreaterThanOrEqual(from - errorMs - SLACK_MS);
    expect(read).toBeLessThanOrEqual(to + errorMs + SLACK_MS);
  }
});

test("is read more finely than in milliseconds", () => {
  const errors = Array.from({ length: 20 }, () => readBetween().errorMs);
  expect(Math.min(...errors)).toBeLessThan(1);
});

test.each([5000, -5000, 3])("notices that the clock was stepped by %i ms", (step) => {
  const before = readBetween();
  const real = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => real() + step);
  const after = readBetween();
  expect(after.read).toBeGreaterThanOrEqual(after.from - after.errorMs - SLACK_MS);
  expect(after.read).toBeLessThanOrEqual(after.to + after.errorMs + SLACK_MS);
  expect(Math.sign(after.read - before.read - 1)).toBe(Math.sign(step));
});

test("gives up on a clock without ticks, and says how far off it may be", () => {
  const now = Date.now() + 60_000; // a step, so that nothing kept is used
  vi.spyOn(Date, "now").mockReturnValue(now);
  const clock = wallClock();
  expect(clock.errorMs).toBeGreaterThanOrEqual(0.5);
  expect(Math.abs(clock.at(performance.now()) - now)).toBeLessThan(1000);
});
