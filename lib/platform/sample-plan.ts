/** Who is asked, in which order: each sample costs an outbound port, so the first ones must tell the most. */
import type { Provider } from "./providers.ts";

/** Each takes one outbound port, and an instance has 128 of them for a destination. */
export const SAMPLES_MOST = 10;

export interface Planned {
  readonly provider: Provider;
  readonly family: 4 | 6;
  /** From 0. */
  readonly turn: number;
}

/**
 * Every provider once, then again: a second turn is worth less than another voice. Within a turn the
 * families alternate, and operators that were not asked yet come first, so that a plan that is cut short
 * still hears several of them in each family.
 */
export function planSamples(
  providers: readonly Provider[],
  families: readonly (4 | 6)[],
  turns: number,
): readonly Planned[] {
  const queues = families.map((family) =>
    independentFirst(providers.filter((one) => one.families.includes(family))).map((provider) => ({
      provider,
      family,
    })),
  );
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  const once = Array.from({ length: longest }, (_, at) =>
    queues.flatMap((queue) => queue.slice(at, at + 1)),
  ).flat();
  return Array.from({ length: turns }, (_, turn) => once.map((one) => ({ ...one, turn })))
    .flat()
    .slice(0, SAMPLES_MOST);
}

/** The first provider of each operator, then the second of each, and so on. */
function independentFirst(providers: readonly Provider[]): readonly Provider[] {
  const asked = new Map<string, number>();
  const ranked = providers.map((provider) => {
    const rank = asked.get(provider.operator) ?? 0;
    asked.set(provider.operator, rank + 1);
    return { provider, rank };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ provider }) => provider);
}
