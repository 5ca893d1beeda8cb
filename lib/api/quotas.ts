/**
 * How much may be asked of this instance. In memory, so the true bound is this times the number of
 * instances. Caps on what is under way always hold; rates are for hosted instances.
 */
import { Failure } from "../failure.ts";
import type { Peer } from "../policy/peer.ts";
import type { AnyProbe } from "../probe.ts";
import type { Limits } from "./settings.ts";

export interface Quotas {
  /**
   * Counts a probe in, or a suite with so many probes at once. Gives back what counts it out, or the
   * seconds until it is worth asking again. A scrape is bounded by what is under way alone.
   */
  enter(caller: string, cost: AnyProbe["cost"] | "scrape", atOnce?: number): Entry;
  /** How many probes are under way. */
  underWay(): number;
  /**
   * Counts the targets of a probe, and the connections to each. A check of a suite has no caller: its
   * targets are bounded by the length of the suite. Throws `sonde.busy` when the caller or a public
   * target had enough.
   */
  admit(caller: string | undefined, peers: readonly Peer[], connections: number): void;
}

export type Entry =
  | { readonly leave: () => void }
  | { readonly retryAfter: number; readonly because: string };

interface Caller {
  inFlight: number;
  /** Times of the last minute's probes, by cost. */
  readonly probes: Record<AnyProbe["cost"], number[]>;
  /** When each target was first seen. */
  readonly targets: Map<string, number>;
}

const MINUTE = 60_000;
const TARGETS_MS = 10 * MINUTE;

/** Callers and targets that are remembered; the oldest are forgotten beyond it. */
const REMEMBERED = 1000;

export function makeQuotas(limits: Limits, rated: boolean, now: () => number = Date.now): Quotas {
  const callers = new Map<string, Caller>();
  const connects = new Map<string, number[]>();
  let inFlight = 0;

  const callerOf = (name: string): Caller => {
    const found = callers.get(name) ?? {
      inFlight: 0,
      probes: { light: [], medium: [], heavy: [] },
      targets: new Map(),
    };
    remember(callers, name, found);
    return found;
  };

  return {
    underWay: () => inFlight,
    enter(name, cost, atOnce = 1) {
      const caller = callerOf(name);
      if (inFlight + atOnce > limits.inFlight)
        return busy("this instance is at its limit of probes");
      if (caller.inFlight + atOnce > (cost === "scrape" ? limits.scrapes : limits.perCaller))
        return busy("you have too many probes under way");
      if (rated && cost !== "scrape") {
        const wait = spend(caller.probes[cost], limits[cost], now());
        if (wait > 0)
          return { retryAfter: wait, because: `${limits[cost]} ${cost} probes a minute` };
      }
      inFlight += atOnce;
      caller.inFlight += atOnce;
      return {
        leave() {
          inFlight -= atOnce;
          caller.inFlight -= atOnce;
        },
      };
    },
    admit(name, peers, connections) {
      if (!rated) return;
      for (const peer of peers) {
        const place = `${peer.address} ${peer.port}`;
        if (name !== undefined) countTarget(callerOf(name).targets, place, limits.targets, now());
        if (peer.class === "public")
          countConnects(connects, place, connections, limits.connects, now());
      }
    },
  };
}

function busy(because: string): Entry {
  return { retryAfter: 1, because };
}

/** Most recently used last, so that the first key is the one to forget. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > REMEMBERED && oldest !== undefined) map.delete(oldest);
}

/**
 * Counts events in a sliding minute, all or none of them: 0, or the seconds until the first of those in
 * the way is forgotten.
 */
function spend(times: number[], limit: number, now: number, events = 1): number {
  while (times[0] !== undefined && times[0] <= now - MINUTE) times.shift();
  const [first = now] = times;
  if (times.length + events > limit) return Math.ceil((first + MINUTE - now) / 1000);
  times.push(...Array.from({ length: events }, () => now));
  return 0;
}

function countTarget(seen: Map<string, number>, place: string, limit: number, now: number): void {
  for (const [one, since] of seen) if (since <= now - TARGETS_MS) seen.delete(one);
  if (seen.has(place)) return;
  if (seen.size >= limit) {
    throw new Failure("sonde.busy", `${limit} different targets in ten minutes are the limit`);
  }
  seen.set(place, now);
}

/** An instance has 128 SNAT ports per public destination, and gets one back only after a while. */
function countConnects(
  seen: Map<string, number[]>,
  place: string,
  connections: number,
  limit: number,
  now: number,
): void {
  const times = seen.get(place) ?? [];
  remember(seen, place, times);
  const retryAfterSeconds = spend(times, limit, now, connections);
  if (retryAfterSeconds > 0) {
    const message = `${limit} connections a minute to one public target are the limit`;
    throw new Failure("sonde.busy", message, { retryAfterSeconds });
  }
}
