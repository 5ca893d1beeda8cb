/** Several reports, and only what differs. Times and ports of the moment differ always: they stay out. */
import type { Report } from "../lib/report.ts";
import { isKnown, text } from "./known.ts";

export interface Difference {
  readonly path: string;
  /** One for each report; `undefined` where a report says nothing. */
  readonly values: readonly (string | undefined)[];
}

const fleeting = new Set(["id", "at", "ms", "startMs", "localPort", "timing", "timings", "ttl"]);

/** Names of lists whose order means nothing. */
const loose = new Set(["addresses", "servers", "answers", "names", "proved", "notProved"]);

export function differences(...reports: readonly Report[]): readonly Difference[] {
  const all = reports.map(flat);
  const found = new Map<string, Difference>();
  for (const path of new Set(all.flatMap((one) => [...one.keys()]))) {
    const values = all.map((one) => one.get(path));
    if (new Set(values).size < 2) continue;
    const missing = all.filter((one) => !one.has(path));
    const top = missing.length === 0 ? path : topOf(path, missing);
    found.set(top, top === path ? { path, values } : wholesale(top, all));
  }
  return [...found.values()];
}

/** The nearest to the root of what some reports have nothing of. */
function topOf(path: string, missing: readonly ReadonlyMap<string, string>[]): string {
  const parts = path.split(" › ");
  const tops = parts.map((_, at) => parts.slice(0, at + 1).join(" › "));
  const isAbsent = (top: string) => missing.every((one) => countBelow(one, top) === 0);
  return tops.find(isAbsent) ?? path;
}

/** A stage that only some reached: how much they learned, in one row. */
function wholesale(path: string, all: readonly ReadonlyMap<string, string>[]): Difference {
  const counts = all.map((one) => countBelow(one, path));
  return { path, values: counts.map((one) => (one === 0 ? undefined : `${one} facts`)) };
}

function countBelow(one: ReadonlyMap<string, string>, top: string): number {
  return [...one.keys()].filter((path) => path === top || path.startsWith(`${top} › `)).length;
}

/** What a report came to: its findings by code, its facts by path. */
function flat(report: Report): Map<string, string> {
  const { verdict, probe, target, vantage, result, findings, steps } = report;
  const found = new Map<string, string>();
  const about = { verdict, probe, target: { ...target }, vantage };
  gather(about, "", found);
  for (const one of findings) found.set(`finding ${one.code}`, one.severity);
  for (const { name, on, verdict: end, code } of steps) {
    found.set(`step ${name}${on === undefined ? "" : ` on ${on}`}`, code ?? end);
  }
  gather(result, "", found);
  return found;
}

function gather(value: unknown, path: string, into: Map<string, string>): void {
  if (isKnown(value)) {
    for (const [name, one] of Object.entries(value)) {
      const passing = fleeting.has(name) || name.endsWith("Ms") || name === "on";
      if (!passing) gather(one, path === "" ? name : `${path} › ${name}`, into);
    }
  } else if (Array.isArray(value)) {
    gatherList(value, path, into);
  } else if (value !== undefined) into.set(path, plain(value));
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A branch goes by its subject, an address by itself, and what has no name by its place. */
function gatherList(values: readonly unknown[], path: string, into: Map<string, string>): void {
  if (values.every((one) => !isKnown(one))) {
    const words = values.map(plain);
    const ordered = loose.has(path.split(" › ").at(-1) ?? "") ? words.toSorted() : words;
    into.set(path, ordered.join(", "));
    return;
  }
  for (const [index, one] of values.entries()) {
    const name = isKnown(one) ? (text(one["on"]) ?? text(one["address"])) : undefined;
    gather(one, `${path} › ${name ?? index + 1}`, into);
  }
}
