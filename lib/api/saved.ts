/**
 * Reports that come back from wherever they were saved. They were written by a stranger for all we
 * know: each part is held against the schema that it was made by before a surface reads it.
 */
import * as z from "zod";
import { sheets } from "../facts/index.ts";
import { parseJson } from "../protocols/json.ts";
import * as words from "../report.ts";
import type { Branch, Report } from "../report.ts";
import type { AnySheet } from "../stage.ts";
import { sayIssue } from "../issue.ts";
import { badInput, type Refused } from "./problem.ts";

/** Objects and lists within each other; a report of a suite with every fork needs a dozen. */
const DEEPEST = 48;

/** Parses JSON that is not nested beyond reason: that costs the loop a second for ten megabytes. */
export function parseSaved(text: string): { readonly value: unknown } | Refused {
  const wrong = {
    problem: badInput("body", "the body must be a report, or a list of reports, in JSON"),
  };
  const value = depthOf(text) > DEEPEST ? undefined : parseJson(text);
  return value === undefined ? wrong : { value };
}

const steps: Readonly<Record<string, number>> = { "{": 1, "[": 1, "}": -1, "]": -1 };

function depthOf(text: string): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let index = 0; index < text.length; index += 1) {
    const mark = text.charAt(index);
    if (mark === '"') quoted = !quoted;
    else if (!quoted) depth += steps[mark] ?? 0;
    else if (mark === "\\") index += 1; // what it escapes ends no string
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** One report; its checks too, and theirs have none. `where` is its name in the problem. */
export function readReport(value: unknown, where: string): Report | Refused {
  try {
    const { checks, ...whole } = words.report.parse(value);
    const read = { ...whole, result: branch(whole.result) };
    if (checks === undefined) return read;
    return { ...read, checks: checks.map((one) => ({ ...one, result: branch(one.result) })) };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const path = [where, ...(issue?.path ?? [])].map(String).join(".");
    const says = issue === undefined ? "it is wrong" : sayIssue(issue, value).says;
    return { problem: badInput(path, `${path}: ${says}`) };
  }
}

const facts = new Map<string, z.ZodType>();

/** Any fact may be missing; one that is there has its shape. */
function factsOf({ name, facts: schema }: AnySheet): z.ZodType {
  const kept = facts.get(name) ?? schema.partial();
  facts.set(name, kept);
  return kept;
}

const byName = new Map<string, AnySheet>(sheets.map((sheet) => [sheet.name, sheet]));
const ends = z.object({
  on: z.string().optional(),
  stopped: words.stopped.optional(),
  truncated: z.boolean().optional(),
});
const branches = z.array(z.record(z.string(), z.unknown()));

/** A branch with what is known of it; what no sheet knows is left out. */
function branch(tree: Readonly<Record<string, unknown>>, fork?: string): Branch {
  const flat = [...byName.values()].filter((sheet) => fork !== undefined && sheet.flat === fork);
  const entries = Object.entries(tree).flatMap(([name, value]): [string, unknown][] => {
    const sheet = byName.get(name);
    if (sheet !== undefined) return [[name, factsOf(sheet).parse(value)]];
    if (!words.forks.some((one) => one === name)) return [];
    return [[name, branches.parse(value).map((one) => branch(one, name))]];
  });
  const { on, stopped, truncated } = ends.parse(tree);
  return {
    ...Object.assign({}, ...flat.map((sheet) => factsOf(sheet).parse(tree))),
    ...Object.fromEntries(entries),
    ...(on === undefined ? {} : { on }),
    ...(stopped === undefined ? {} : { stopped }),
    ...(truncated === undefined ? {} : { truncated }),
  };
}
