/** Suites by name: those that Sonde brings, and those that were deployed beside it. */
import { besideOf } from "../platform/beside.ts";
import { representsOf } from "../platform/vantage.ts";
import type { Source, Wrong } from "../yaml.ts";
import { parseSuite } from "./read.ts";
import type { BuiltIn, Given } from "./built-in/built-in.ts";

/** A suite in a file of the deployment. */
export interface SuiteFile {
  /** Without its folder and its ending: what it is asked by. */
  readonly name: string;
  /** As a person finds it: `suites/orders.yaml`. */
  readonly path: string;
  readonly text: string;
}

/** A built-in suite as it would have been written by hand; without checks when there is nothing to ask. */
export function writeBuiltIn(suite: BuiltIn, given: Given) {
  const { summary, sources, notProved } = suite;
  const [docs] = sources;
  return {
    version: 1,
    name: `${suite.name}${whose(suite, given)}`,
    summary,
    ...(docs === undefined ? {} : { docs }),
    notProved: [...notProved],
    checks: [...suite.checks(given)],
  } as const;
}

/** Settings are read where Sonde runs unless others are pasted, and those may be of another app. */
function whose({ readsSettings }: BuiltIn, { isPasted, environment }: Given): string {
  if (readsSettings !== true) return "";
  if (isPasted) return " (pasted settings)";
  const { basis } = representsOf(environment, besideOf(environment));
  return basis === "same-site" ? "" : " (Sonde's own settings)";
}

/** Nobody wrote it down, so nothing in it stands anywhere. */
export function sourceOf(value: unknown): Source {
  return { value, locate: () => undefined };
}

/** Read anew each time it is asked for: that is rare, and a file is short. */
export async function readFile({ path, text }: SuiteFile): Promise<Source | Wrong> {
  const source = await parseSuite(text);
  return "wrong" in source ? inFile(source, path) : source;
}

/** What is wrong, with the file it is in. */
export function inFile(wrong: Wrong, path: string): Wrong {
  return { ...wrong, where: wrong.where === "" ? path : `${path}: ${wrong.where}` };
}
