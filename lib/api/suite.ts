/** From a suite and its parameters to questions: each check is decoded as a request of its own would be. */
import * as z from "zod";
import type { Question } from "../run.ts";
import { probes } from "../probes/index.ts";
import { manner, shorthandOf } from "../suite/document.ts";
import { ofTargets, readSuite, type Item } from "../suite/read.ts";
import type { Asked, Check } from "../suite/schedule.ts";
import type { Surface } from "../surfaces/index.ts";
import { wrongAt, type Source, type Wrong } from "../yaml.ts";
import { byNameFields } from "./by-name.ts";
import { readDuration } from "./duration.ts";
import { decodePairs, readPairs, type Pair, type Refused } from "./decode.ts";
import { fieldsOf } from "./fields.ts";
import { suggest } from "../nearest.ts";
import { badInput, type Problem } from "./problem.ts";
import { deploymentCheck, standing } from "./standing.ts";

const fails = ["424", "500", "502", "503", "504", "0"] as const;

export const fail = z
  .enum(fails)
  .default("424")
  .describe("The status when a check fails; 0 is 200");

const input = manner.extend({
  ...byNameFields,
  target: z
    .array(z.string())
    .max(200)
    .optional()
    .describe("Each must be reachable; instead of a body"),
  name: z.string().max(200).optional().describe("What reports call the suite"),
  wait: z
    .string()
    .transform(readDuration)
    .optional()
    .describe("Ask what fails again until all holds, at most so long: 30s, 2m or seconds"),
  fail,
  ...standing,
});

const [check] = probes; // the probe of a target that names none

/** What a suite is asked with, beside its own text. */
export const smoke = {
  name: "smoke",
  summary: "Asks every check of a suite and says in one status whether all of them hold.",
  input,
  stages: check?.stages ?? [],
  example: "target=http://127.0.0.1:7071/api/health",
};

/** A suite that was understood as a whole. */
export interface Smoke extends Asked {
  readonly waitMs: number;
  /** What is demanded of the deployment that answers, if anything is: comes before all checks. */
  readonly deployment: Check | undefined;
  /** Instances that were asked before: their checks are not asked again. */
  readonly seen: readonly string[];
  /** The status when a check fails. */
  readonly fail: number;
  readonly surface: Surface;
}

/** `source` is absent where the targets stand in the pairs. */
export function decodeSmoke(
  pairs: readonly Pair[],
  source: Source | undefined,
  accept?: string,
): Smoke | Refused {
  const read = readPairs(smoke, pairs, accept);
  if ("problem" in read) return read;
  const {
    target,
    name,
    wait,
    fail: said,
    expectVersion,
    instances,
    seen,
    suite: by,
    token: _,
    ...defaults
  } = read.asked;
  const demanded = pairs.filter(([key]) => key.startsWith("expect."));
  const written = sourceOf(source, target, demanded, by);
  if ("problem" in written) return written;
  const suite = readSuite(written, defaults);
  if ("wrong" in suite) return { problem: problemOf(suite) };
  const checks = checksOf(suite.items, demanded, written);
  if ("problem" in checks) return checks;
  return {
    name: name ?? suite.name,
    notProved: suite.notProved,
    checks,
    deployment: deploymentCheck({ expectVersion, instances, seen }),
    seen,
    waitMs: wait ?? 0,
    fail: statusOf(said),
    surface: read.surface,
  };
}

/** The suite stands in one place: in the body, in the query, or under a name. */
function sourceOf(
  source: Source | undefined,
  targets: readonly string[] | undefined,
  demanded: readonly Pair[],
  by: string | undefined,
): Source | Refused {
  const twice = targets === undefined ? demanded[0]?.[0] : "target";
  if (source === undefined && targets === undefined) {
    const detail = "a suite is needed: in the body, as suite=NAME, or as target=…&target=…";
    return { problem: badInput("target", detail) };
  }
  if (source === undefined || twice === undefined) return source ?? ofTargets(targets ?? []);
  const where = by === undefined ? "in the body" : "by a name";
  const detail = `a suite ${where} says its own targets and expectations`;
  return { problem: badInput(twice, detail) };
}

export function statusOf(said: (typeof fails)[number]): number {
  return said === "0" ? 200 : Number(said);
}

export function checksOf(
  items: readonly Item[],
  demanded: readonly Pair[],
  source: Source,
): Check[] | Refused {
  const checks: Check[] = [];
  for (const [index, item] of items.entries()) {
    const question = questionOf(item, demanded);
    if ("problem" in question) return { problem: placed(question.problem, item, index, source) };
    checks.push({ ...item, question });
  }
  return checks;
}

function questionOf(item: Item, demanded: readonly Pair[]): Question | Refused {
  const { target, expect = {}, timeoutMs } = item;
  const more = inputOf(item);
  const probe = probes.find(({ name }) => name === (shorthandOf(item) ?? item.probe ?? "check"));
  if (probe === undefined) throw new Error(`there is no probe ${item.probe}`);
  const { fields } = fieldsOf(probe);
  const foreign = Object.keys(more).find((name) => !fields.has(name));
  if (foreign !== undefined) {
    const { near, hint } = suggest(foreign, fields.keys());
    const detail = `${foreign} is not known to ${probe.name}: ${hint}`;
    return { problem: badInput(foreign, detail, near) };
  }
  const usual = timeoutMs === undefined || !fields.has("timeoutMs") ? {} : { timeoutMs };
  const own = { ...usual, ...(target === undefined ? {} : { target }), ...more };
  const pairs = [
    ...Object.entries(own).flatMap(([name, value]) =>
      [value].flat().map((one): Pair => [name, one]),
    ),
    ...Object.entries(expect).map(([key, value]): Pair => [
      `expect.${key}`,
      [value].flat().join(","),
    ]),
    ...demanded,
  ];
  const decoded = decodePairs(probe, pairs);
  return "problem" in decoded ? decoded : decoded.question;
}

function inputOf(item: Item): NonNullable<Item["input"]> {
  const short = shorthandOf(item);
  return (short === undefined ? item.input : item[short]) ?? {};
}

/** The problem of one check, where it stands in the suite. */
function placed(problem: Problem, item: Item, index: number, source: Source): Problem {
  const named = problem.more?.["parameter"];
  const parameter = typeof named === "string" ? named : "";
  const [first, ...rest] = parameter.split(".");
  const within = shorthandOf(item) ?? "input";
  const inside = Object.hasOwn(inputOf(item), parameter) ? [within, parameter] : [parameter];
  const path = first === "expect" && rest.length > 0 ? ["expect", rest.join(".")] : inside;
  // Where it stands says which parameter it is.
  const detail = problem.detail.replace(`${parameter}: `, "");
  const wrong = wrongAt(source, ["checks", index, ...path], detail);
  const suggestion = problem.more?.["suggestion"];
  const found = problemOf(wrong);
  return suggestion === undefined ? found : { ...found, more: { ...found.more, suggestion } };
}

/** What is wrong with a suite, as a 400 with its line and column. */
export function problemOf({ wrong, where, place }: Wrong): Problem {
  const at = place === undefined ? [] : [`line ${place.line}, column ${place.column}`];
  const detail = [...at, ...(where === "" ? [] : [where]), wrong].join(": ");
  const problem = badInput(where === "" ? "suite" : where, detail);
  return { ...problem, more: { ...problem.more, ...place } };
}
