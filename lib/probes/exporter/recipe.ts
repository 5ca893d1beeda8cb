/**
 * How a module of blackbox_exporter is probed: recipes of stages like any walk, that count under the
 * exporter's names what the stages show, and hold it against what the module demands.
 */
import type { Trail } from "../../trail.ts";

export type Labels = Readonly<Record<string, string>>;

/** The gauges of one scrape. A name has one value for each set of labels. */
export interface Gauges {
  set(name: string, value: number, labels?: Labels): void;
  /** Adds to what was set before. */
  add(name: string, value: number, labels?: Labels): void;
}

/** One scrape. */
export interface Scrape {
  readonly target: string;
  /** Asked for as `hostname=`. */
  readonly hostname: string | undefined;
  /** All that it may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly gauges: Gauges;
  /** What was seen, for whoever asks with `debug=true`. Foreign strings, free of secrets. */
  readonly say: (line: string) => void;
}

/** What a module demands and did not get: the option that says so, and why. */
export interface Unmet {
  readonly option: string;
  readonly why: string;
}

/** `stopped`: a branch of the trail says why. Nothing: the probe succeeded. */
export type Outcome = Unmet | "stopped" | undefined;

/** Rejects with a `Failure` when a stage says no on the trail itself. */
export type Recipe = (trail: Trail, scrape: Scrape) => Promise<Outcome>;

export function unmet(option: string, why: string): Unmet {
  return { option, why };
}

/** A target that cannot be read is a failed probe to a scraper: it has nobody to show a 400 to. */
export function badTarget(why: string): Unmet {
  return unmet("target", why);
}

/** Seconds between two moments of `performance.now()`. */
export function seconds(from: number, to = performance.now()): number {
  return (to - from) / 1000;
}
