/** What this instance has done since it started, for `/api/metrics`: a few numbers, added to in passing. */
import type { Timing, Verdict } from "../report.ts";

export interface Meters {
  /** Counts a run that was answered, and how late the loop was meanwhile. */
  run(probe: string, verdict: Verdict, timing: Timing): void;
  /** Counts a request that was turned away, by the code of its problem. */
  refused(code: string): void;
  /** Counts a scrape that named a module which is not there. */
  unknownModule(): void;
  read(): Metered;
}

export interface Metered {
  readonly runs: readonly {
    readonly probe: string;
    readonly verdict: Verdict;
    readonly count: number;
  }[];
  readonly refused: readonly { readonly code: string; readonly count: number }[];
  readonly unknownModules: number;
  /** Of all runs, in milliseconds: together, and the worst there was. */
  readonly loopDelay: { readonly count: number; readonly sumMs: number; readonly worstMs: number };
}

export function makeMeters(): Meters {
  const runs = new Map<string, Map<Verdict, number>>();
  const refusals = new Map<string, number>();
  const loopDelay = { count: 0, sumMs: 0, worstMs: 0 };
  let unknownModules = 0;
  return {
    run(probe, verdict, { loopDelayMs }) {
      const verdicts = runs.get(probe) ?? new Map<Verdict, number>();
      runs.set(probe, verdicts);
      countIn(verdicts, verdict);
      loopDelay.count += 1;
      loopDelay.sumMs += loopDelayMs;
      loopDelay.worstMs = Math.max(loopDelay.worstMs, loopDelayMs);
    },
    refused: (code) => countIn(refusals, code),
    unknownModule: () => void (unknownModules += 1),
    read: () => ({
      runs: [...runs].flatMap(([probe, verdicts]) =>
        [...verdicts].map(([verdict, count]) => ({ probe, verdict, count })),
      ),
      refused: [...refusals].map(([code, count]) => ({ code, count })),
      unknownModules,
      loopDelay: { ...loopDelay },
    }),
  };
}

function countIn<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
