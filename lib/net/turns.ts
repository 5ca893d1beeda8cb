/**
 * When timed work is done within a turn of the event loop. What a run does between its SYN and the answer
 * of another run ends up in the other's figure, so both edges of a wait are drawn together: whatever goes
 * out goes out last before the loop looks for answers, and whatever came in is timed before anything is made of it.
 */
import { performance } from "node:perf_hooks";

/** Turns that a departure lets pass for answers that still come in: others' traffic must not hold it for good. */
const MOST_POSTPONED = 3;

/**
 * Of those that wait so many leave in one turn. A call that sends a SYN takes longer than a near answer, so of
 * a few each goes almost alone; of many it would cost a turn each.
 */
const SHARE = 1 / 2;

const arrived: (() => void)[] = [];
const leaving: (() => void)[] = [];
let postponed = 0;

/** Resolves when all answers of this turn have been timed. */
export function afterTheTurn(): Promise<void> {
  return new Promise((goOn) => {
    if (arrived.push(goOn) === 1) setImmediate(receive);
  });
}

/** Resolves when nothing that this turn brought is left to be done. */
export function atTheEdge(): Promise<void> {
  return new Promise((begin) => {
    if (leaving.push(begin) === 1) setImmediate(depart);
  });
}

function receive(): void {
  for (const goOn of arrived.splice(0)) goOn();
}

function depart(): void {
  if (arrived.length > 0 && postponed < MOST_POSTPONED) {
    postponed += 1;
    setImmediate(depart);
    return;
  }
  postponed = 0;
  for (const begin of leaving.splice(0, Math.ceil(leaving.length * SHARE))) begin();
  if (leaving.length > 0) setImmediate(depart);
}

/**
 * Milliseconds from which on a wait is left to the clock of the run, which looks at the loop meanwhile, unless
 * the loop worked for a good part of it: work that was done early in a long wait made nothing late.
 */
const LONG_MS = 10;
const GOOD_PART = 0.2;

/** What a wait for the network took. */
export interface Waited {
  readonly ms: number;
  /**
   * By how much that may be too long: the part in which the loop did not wait. An answer that comes while
   * it waits is seen at once; one that comes while it works is seen when it has done.
   */
  readonly mostLateMs: number;
}

export function startWait(): { end(): Waited } {
  const start = performance.now();
  const idle = idleMs();
  return {
    end() {
      const ms = performance.now() - start;
      return { ms, mostLateMs: mostLate(ms, ms - (idleMs() - idle)) };
    },
  };
}

function mostLate(ms: number, busyMs: number): number {
  return ms > LONG_MS && busyMs < GOOD_PART * ms ? 0 : Math.max(0, busyMs);
}

/** Milliseconds that the loop of this thread has waited so far. */
const idleMs = () => performance.eventLoopUtilization().idle;
