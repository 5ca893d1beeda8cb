/** What a client makes of several addresses, by what each of them did: RFC 8305. */

export interface Tried {
  readonly address: string;
  readonly family: 4 | 6;
  /** How long it took until it was decided. */
  readonly ms: number;
  readonly connected: boolean;
}

export interface Reached {
  readonly address: string;
  /** From the start to the connection. */
  readonly afterMs: number;
}

/** How long an attempt is waited for before the next begins beside it: RFC 8305 §5. */
const DELAY_MS = 250;

/**
 * A client that races: the families take turns, the next attempt begins after a quarter of a second or as
 * soon as the one before has failed, and the first connection wins. Nothing where all failed.
 */
export function race(tried: readonly Tried[]): Reached | undefined {
  let startMs = 0;
  let best: Reached | undefined;
  for (const one of alternating(tried)) {
    if (best !== undefined && best.afterMs <= startMs) break;
    const afterMs = startMs + one.ms;
    if (one.connected && afterMs < (best?.afterMs ?? Number.POSITIVE_INFINITY)) {
      best = { address: one.address, afterMs };
    }
    startMs += one.connected ? DELAY_MS : Math.min(DELAY_MS, one.ms);
  }
  return best;
}

/** A client that tries one after the other, in the order of the resolver. */
export function oneByOne(tried: readonly Tried[]): Reached | undefined {
  const index = tried.findIndex(({ connected }) => connected);
  const last = tried[index];
  if (last === undefined) return undefined;
  const afterMs = tried.slice(0, index + 1).reduce((sum, { ms }) => sum + ms, 0);
  return { address: last.address, afterMs };
}

/** The family of the first address first, then in turns: RFC 8305 §4. */
function alternating(tried: readonly Tried[]): readonly Tried[] {
  const family = tried[0]?.family;
  const first = tried.filter((one) => one.family === family);
  const other = tried.filter((one) => one.family !== family);
  const rounds = Array.from({ length: Math.max(first.length, other.length) }, (_, index) => index);
  return rounds.flatMap((index) => [first[index], other[index]]).filter((one) => one !== undefined);
}
