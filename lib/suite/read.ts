/**
 * From text to a suite. What is wrong is named with its line and column: a suite is written by hand,
 * and one that is half understood would pass without having looked.
 */
import type * as z from "zod";
import { complete, suite, type manner } from "./document.ts";

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Path = readonly PropertyKey[];

/** A suite as it was written down: its value, and where its parts stand. */
export interface Source {
  readonly value: unknown;
  readonly locate: (path: Path) => Place | undefined;
}

export interface Wrong {
  readonly wrong: string;
  /** `checks[2].expect`; empty for the whole. */
  readonly where: string;
  readonly place: Place | undefined;
}

/** A check with the defaults of its suite. */
export type Item = z.infer<typeof complete>;

export interface Suite {
  readonly name: string | undefined;
  readonly items: readonly Item[];
}

/** A target a line; empty lines and those that begin with `#` say nothing. */
export function parseLines(text: string): Source {
  const targets = text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ target: line.trim(), line: index + 1 }))
    .filter(({ target }) => target !== "" && !target.startsWith("#"));
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

/** Holds a suite against its schema. `defaults` stand before its own. */
export function readSuite(source: Source, defaults: Defaults = {}): Suite | Wrong {
  const parsed = suite.safeParse(spelledOut(source.value));
  if (!parsed.success) return firstOf(parsed.error.issues, source);
  const { name, checks, defaults: own } = parsed.data;
  const itemOf = (check: object) => complete.parse({ ...usual, ...own, ...defaults, ...check });
  return { name, items: checks.map(itemOf) };
}

const usual = { level: "fail", retries: 0, intervalMs: 2000 };

function firstOf([issue]: readonly z.core.$ZodIssue[], source: Source): Wrong {
  if (issue === undefined) return wrongAt(source, [], "it is wrong");
  const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  return wrongAt(source, [...issue.path, ...unknown], issue.message);
}

export function wrongAt(source: Source, path: Path, wrong: string): Wrong {
  const where = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return { wrong, where: where.join("").replace(/^\./, ""), place: source.locate(path) };
}

/** A bare string is a check of that target. */
function spelledOut(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("checks" in value)) return value;
  const { checks } = value;
  if (!Array.isArray(checks)) return value;
  const spelled = checks.map((one: unknown) => (typeof one === "string" ? { target: one } : one));
  return { ...value, checks: spelled };
}
