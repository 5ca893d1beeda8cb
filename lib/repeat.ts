/** Connections opened again and again, or many at once, to the same address, and summed up. */
import { setTimeout as pause } from "node:timers/promises";
import type { Tried } from "./protocols/eyeballs.ts";
import { connect } from "./stages/connect.ts";
import { tally, type Attempts } from "./stages/tally.ts";
import type { Trail } from "./trail.ts";
import type { Walk } from "./walk.ts";

export interface Repetition {
  readonly count: number;
  /** From the end of one attempt to the start of the next. */
  readonly intervalMs: number;
}

/** Remembers how each address was decided, for whoever wants to compare them. */
export function remembering(recipe: Walk): { readonly walk: Walk; readonly tried: Tried[] } {
  const tried: Tried[] = [];
  let begun = 0;
  const walk: Walk["walk"] = async (trail, peer, target) => {
    const start = performance.now();
    // In the order of the resolver, in which they are begun.
    const place = begun;
    begun += 1;
    const keep = (connected: boolean) => {
      const { address, family } = peer;
      tried[place] = { address, family, ms: performance.now() - start, connected };
    };
    try {
      await recipe.walk(trail, peer, target);
      keep(true);
    } catch (error) {
      keep(false);
      throw error;
    }
  };
  return { walk: { ...recipe, walk }, tried };
}

/** One after the other, so that no attempt disturbs the figures of another. */
export function repeated(recipe: Walk, { count, intervalMs }: Repetition): Walk {
  return {
    ...recipe,
    stages: [connect],
    connections: count,
    walk: (trail, peer) =>
      attempts(trail, peer.address, { count, atOnce: 1 }, async (own, index) => {
        if (index > 0) await pause(intervalMs);
        using wire = await own.take(connect, peer);
        return wire.connectMs;
      }),
  };
}

/**
 * Many connections at once, each held until the last of them is decided: what a busy application does
 * to its outbound ports.
 */
export function burst(recipe: Walk, parallel: number): Walk {
  return {
    ...recipe,
    stages: [connect],
    connections: parallel,
    walk(trail, peer) {
      const { promise: all, resolve: release } = Promise.withResolvers<void>();
      let undecided = parallel;
      const decided = () => {
        undecided -= 1;
        if (undecided === 0) release();
      };
      const both = { count: parallel, atOnce: parallel };
      return attempts(trail, peer.address, both, async (own) => {
        using wire = await own.take(connect, peer).finally(decided);
        await all;
        return wire.connectMs;
      });
    },
  };
}

async function attempts(
  trail: Trail,
  address: string,
  { count, atOnce }: { readonly count: number; readonly atOnce: number },
  attempt: (own: Trail, index: number) => Promise<number>,
): Promise<void> {
  const times: Attempts["times"][number][] = Array.from({ length: count });
  const label = (index: number) => `${address} #${index + 1}`;
  const keep = async (own: Trail, index: number) => {
    times[index] = await attempt(own, index);
  };
  await trail.fork("attempts", [...times.keys()], label, keep, atOnce);
  await trail.take(tally, { times, inTurn: atOnce === 1 });
}

/** Nothing is asked more often than this, whatever it says of itself; so a minute holds sixty at most. */
const LEAST_MS = 1000;

/** A run ends at its own minute: what begins later than this could not be told. */
const LAST_MS = 55_000;

/**
 * Walks again and again for `forMs`, each time when the last answer says, as `samples` of one subject. A no
 * ends its own sample only.
 */
export async function repeatedly(
  trail: Trail,
  subject: string,
  forMs: number,
  nextMs: () => number,
  walk: (sample: Trail) => Promise<unknown>,
): Promise<void> {
  const start = performance.now();
  const left = () => Math.min(forMs, LAST_MS) - (performance.now() - start);
  for (;;) {
    const waitMs = Math.max(LEAST_MS, nextMs());
    if (waitMs > left()) return;
    await pause(waitMs);
    const seconds = Math.round((performance.now() - start) / 1000);
    await trail.fork("samples", [seconds], () => `${subject} after ${seconds} s`, walk, 1);
  }
}
