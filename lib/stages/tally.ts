import { tallySheet as sheet } from "../facts/tally.ts";
import { roundMs } from "../clock.ts";
import type { Stage } from "../stage.ts";

export interface Attempts {
  /** Milliseconds of each attempt in order; `undefined` for one that was not answered. */
  readonly times: readonly (number | undefined)[];
  /** One after the other: then the first one may have paid for the others. */
  readonly inTurn: boolean;
}

/** Sums up attempts that were made before. Nothing is sent. */
export const tally: Stage<Attempts, void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run({ times, inTurn }, { note }) {
    const answered = times.filter((ms) => ms !== undefined);
    const lost = times.length - answered.length;
    note({
      sent: times.length,
      answered: answered.length,
      lossPercent: Math.round((lost / times.length) * 1000) / 10,
      ...(times[0] === undefined || !inTurn ? {} : { firstMs: roundMs(times[0]) }),
      ...(answered.length === 0 ? {} : spread(answered)),
    });
  },
};

function spread(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => roundMs(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  const steps = times.slice(1).map((ms, index) => Math.abs(ms - (times[index] ?? ms)));
  return {
    minMs: at(0.0001),
    avgMs: roundMs(mean(times)),
    medianMs: at(0.5),
    p95Ms: at(0.95),
    maxMs: at(1),
    jitterMs: roundMs(mean(steps)),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
