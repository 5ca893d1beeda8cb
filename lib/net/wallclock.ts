/**
 * The wall clock, read more finely than Node shows it.
 *
 * `Date.now()` gives whole milliseconds, so it is half a millisecond late on average;
 * `performance.timeOrigin` is as wrong as the one reading it was taken from, and knows nothing of steps
 * since. But the moment at which `Date.now()` changes is known exactly: then the wall clock shows that
 * very millisecond. So we wait for such a tick, at most one millisecond, and pair it with the monotonic
 * clock, which is what measurements are taken with; again, if something else had the core just then.
 */

export interface WallClock {
  /** The wall clock in milliseconds since 1970 at a moment of `performance.now()`. */
  at(monotonicMs: number): number;
  /** How far `at` may be off, because the two clocks cannot be read in the same instant. */
  readonly errorMs: number;
}

/** A tick takes a fraction of this to see, unless something else ran on this core just then. */
const SHARP_MS = 0.01;

/** How many ticks are waited for until one is seen sharply. */
const TRIES = 3;

/** Both clocks are slewed alike on Linux and drift by some µs a second elsewhere: a pair ages slowly. */
const FRESH_MS = 1000;

interface Pair extends WallClock {
  readonly taken: number;
}

let kept: Pair | undefined;

/**
 * A wall clock for the measurement about to be made. The pair is kept for a second, because waiting for a
 * tick blocks the loop and would falsify what others measure on it meanwhile; a clock that was stepped
 * since is noticed, as `Date.now()` then leaves the millisecond that the pair predicts.
 */
export function wallClock(): WallClock {
  if (kept !== undefined && isTrue(kept)) return kept;
  let pair = pairAtTick();
  for (let left = TRIES - 1; left > 0 && pair.errorMs > SHARP_MS; left -= 1) {
    const next = pairAtTick();
    if (next.errorMs < pair.errorMs) pair = next;
  }
  kept = pair.errorMs <= SHARP_MS ? pair : undefined;
  return pair;
}

function isTrue(pair: Pair): boolean {
  const monotonic = performance.now();
  const ahead = pair.at(monotonic) - Date.now();
  const slack = pair.errorMs + SHARP_MS;
  return monotonic - pair.taken < FRESH_MS && ahead > -slack && ahead < 1 + slack;
}

function pairAtTick(): Pair {
  const first = Date.now();
  const start = performance.now();
  let before = start;
  let wall = first;
  let after = start;
  do {
    before = after;
    wall = Date.now();
    after = performance.now();
  } while (wall === first && after - start <= 1);
  // No tick was seen in time: then the middle of the millisecond is the best guess.
  const guessed = wall === first ? 0.5 : 0;
  const difference = wall + guessed - (before + after) / 2;
  const errorMs = guessed + (after - before) / 2;
  return { taken: after, errorMs, at: (monotonicMs) => monotonicMs + difference };
}
