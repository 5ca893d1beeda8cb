/**
 * From text to a suite. What is wrong is named with its line and column: a suite is written by hand,
 * and one that is half understood would pass without having looked.
 */
import type * as z from "zod";
import { firstOf, parseYaml, type Source, type Wrong } from "../yaml.ts";
import { mannerOfAll, suite, type check, type Complete, type manner } from "./document.ts";

/** A check with the defaults of its suite. */
export type Item = Complete;

export interface Suite {
  readonly name: string | undefined;
  readonly summary: string | undefined;
  readonly docs: string | undefined;
  readonly notProved: readonly string[];
  readonly items: readonly Item[];
}

/** YAML or JSON. A list alone is the checks of a suite that says nothing else. */
export async function parseSuite(text: string): Promise<Source | Wrong> {
  const source = await parseYaml(text);
  if ("wrong" in source || !Array.isArray(source.value)) return source;
  return {
    value: { version: 1, checks: source.value },
    locate: ([first, ...path]) => source.locate(first === "checks" ? path : []),
  };
}

/** A target a line. A `#` at the beginning or after white space begins a comment; empty lines say nothing. */
export function parseLines(text: string): Source {
  const targets = text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ target: line.replace(/(?:^|\s)#.*/, "").trim(), line: index + 1 }))
    .filter(({ target }) => target !== "");
  return {
    value: { version: 1, checks: targets.map(({ target }) => target) },
    locate: ([, index]) => {
      const found = typeof index === "number" ? targets[index] : undefined;
      return { line: found?.line ?? 1, column: 1 };
    },
  };
}

/** A suite of nothing but targets, as a query has them. */
export function ofTargets(targets: readonly string[]): Source {
  return { value: { version: 1, checks: targets }, locate: () => undefined };
}

type Defaults = z.infer<typeof manner>;
type Checked = z.infer<typeof check>;

/** Holds a suite against its schema. `defaults` stand before its own. */
export function readSuite(source: Source, defaults: Defaults = {}): Suite | Wrong {
  const parsed = suite.safeParse(spelledOut(source.value));
  if (!parsed.success) return firstOf(parsed.error.issues, source, suite);
  const { name, summary, docs, checks, notProved = [], defaults: own } = parsed.data;
  // Once for all: holding every check against a schema again would cost more than connecting to it.
  const usual = mannerOfAll.parse({ ...unlessSaid, ...own, ...defaults });
  const itemOf = (one: Checked): Item => ({
    ...usual,
    ...one,
    level: one.level ?? usual.level,
    retries: one.retries ?? usual.retries,
    intervalMs: one.intervalMs ?? usual.intervalMs,
  });
  return { name, summary, docs, notProved, items: checks.map(itemOf) };
}

const unlessSaid = { level: "fail", retries: 0, intervalMs: 2000 };

/** A bare string is a check of that target. */
function spelledOut(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("checks" in value)) return value;
  const { checks } = value;
  if (!Array.isArray(checks)) return value;
  const spelled = checks.map((one: unknown) => (typeof one === "string" ? { target: one } : one));
  return { ...value, checks: spelled };
}
