/** A walk taken again and again on the same address, and summed up. */
import { setTimeout as pause } from "node:timers/promises";
import { tally } from "./stages/tally.ts";
import type { Walk } from "./walk.ts";

export interface Repetition {
  readonly count: number;
  /** From the end of one attempt to the start of the next. */
  readonly intervalMs: number;
}

/** One after the other, so that no attempt disturbs the figures of another. */
export function repeated(recipe: Walk, { count, intervalMs }: Repetition): Walk {
  return {
    ...recipe,
    stages: [...recipe.stages, tally],
    async walk(trail, peer, target) {
      const times: (number | undefined)[] = Array.from({ length: count });
      const numbers = times.map((_, index) => index);
      await trail.fork(
        "attempts",
        numbers,
        (index) => `${peer.address} #${index + 1}`,
        async (own, index) => {
          if (index > 0) await pause(intervalMs);
          const start = performance.now();
          await recipe.walk(own, peer, target);
          times[index] = performance.now() - start;
        },
        1,
      );
      await trail.take(tally, times);
    },
  };
}
