/**
 * Time as a run sees it: milliseconds since its start, and how late the event loop was meanwhile.
 *
 * A measurement taken on a loop that was busy elsewhere is not a property of the network, so every
 * report carries the worst delay of its own time and says whether its figures can be believed.
 */
import type { Timing } from "./report.ts";

export interface Clock {
  /** Milliseconds since the start of the run. */
  now(): number;
  /** Counts a stage in, and gives back what counts it out. */
  begin(): () => void;
  /** Told of a figure that may be too long by so many milliseconds. */
  readonly late: (mostMs: number) => void;
  /** Stops watching the loop and says what the figures are worth. May be asked again. */
  stop(): Timing;
}

/** How often the loop is looked at while runs are under way. */
const TICK_MS = 5;

/**
 * Stages at a time beyond which figures are no longer believed: a burst within one turn of the loop waits
 * in its own queue, and shows in no delay of the loop. With 32 a connect is 2 ms late at worst, with 100 four.
 */
const CROWD = 32;

/** What a figure may be off by, in milliseconds, before the report says so. */
const MOST_OFF_MS = 0.5;

interface Watch {
  worstMs: number;
}

const watches = new Set<Watch>();
/** Stages under way, of all runs of this process. */
let underWay = 0;
let ticker: NodeJS.Timeout | undefined;
/** When the next look is due. */
let dueMs = 0;

/** How late that look is already. Timers are kept to whole milliseconds: being one late is not a delay. */
const overdueMs = () => (ticker === undefined ? 0 : Math.max(0, performance.now() - dueMs - 1));

function tick(): void {
  const lateMs = overdueMs();
  ticker = undefined;
  if (watches.size === 0) return;
  for (const watch of watches) watch.worstMs = Math.max(watch.worstMs, lateMs);
  schedule();
}

function schedule(): void {
  dueMs = performance.now() + TICK_MS;
  ticker = setTimeout(tick, TICK_MS);
  ticker.unref();
}

/** Rounds to the hundredth of a millisecond: more digits would claim more than Node can see. */
export function roundMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}

export function startClock(): Clock {
  const start = performance.now();
  const watch: Watch = { worstMs: 0 };
  watches.add(watch);
  if (ticker === undefined) schedule();
  const now = () => performance.now() - start;
  let inFlight = 0;
  let lateMs = 0;
  return {
    now,
    late: (mostMs) => void (lateMs = Math.max(lateMs, mostMs)),
    begin() {
      underWay += 1;
      inFlight = Math.max(inFlight, underWay);
      return () => {
        inFlight = Math.max(inFlight, underWay);
        underWay -= 1;
      };
    },
    stop() {
      // A short run ends before its next look: what that is late by now was this run's as well.
      if (watches.delete(watch))
        watch.worstMs = Math.max(watch.worstMs, Math.min(overdueMs(), now()));
      const isLate = watch.worstMs > 2 || watch.worstMs > now() / 10;
      const worstMs = Math.max(isLate ? watch.worstMs : 0, lateMs);
      const quality = worstMs > MOST_OFF_MS || inFlight > CROWD ? "degraded" : "good";
      return { quality, loopDelayMs: roundMs(Math.max(watch.worstMs, lateMs)), inFlight };
    },
  };
}
