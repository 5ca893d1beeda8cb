/** Each check of a suite is decoded as a request of its own would be; what is wrong with one is told where it stands. */
import type { Environment } from "../here.ts";
import { suggest } from "../nearest.ts";
import { defined } from "../platform/values.ts";
import type { AnyProbe } from "../probe.ts";
import { probes } from "../probes/index.ts";
import type { Question } from "../run.ts";
import { MOST_CHECKS, shorthandOf, TOO_MANY } from "../suite/document.ts";
import type { Item } from "../suite/read.ts";
import type { Check } from "../suite/schedule.ts";
import { sayWrong, wrongAt, type Source, type Wrong } from "../yaml.ts";
import { decodePairs, type Pair } from "./decode.ts";
import { fieldsOf } from "./fields.ts";
import { badInput, type Problem, type Refused } from "./problem.ts";
import { fillSetting } from "./setting.ts";

/**
 * A setting that names several places is as many checks. Without an `environment` none is looked up: the rest
 * of a suite is understood wherever it is read, and these checks are not to be asked.
 */
export function checksOf(
  items: readonly Item[],
  demanded: readonly Pair[],
  source: Source,
  environment?: Environment,
): Check[] | Refused {
  const checks: Check[] = [];
  for (const [index, item] of items.entries()) {
    const questions = questionsOf(item, demanded, environment);
    if ("problem" in questions) return { problem: placed(questions.problem, item, index, source) };
    checks.push(...questions.map((question) => ({ ...item, question })));
  }
  return checks.length <= MOST_CHECKS ? checks : { problem: badInput("suite", TOO_MANY) };
}

function questionsOf(
  item: Item,
  demanded: readonly Pair[],
  environment: Environment | undefined,
): Question[] | Refused {
  const { target, setting, expect = {}, timeoutMs } = item;
  const more = inputOf(item);
  const probe = probes.find(({ name }) => name === (shorthandOf(item) ?? item.probe ?? "check"));
  if (probe === undefined) throw new Error(`there is no probe ${item.probe}`);
  const { fields } = fieldsOf(probe);
  const misplaced = targetOf(item, probe.name, fields.keys());
  if (misplaced !== undefined) return { problem: misplaced };
  const foreign = Object.keys(more).find((name) => !fields.has(name));
  if (foreign !== undefined) {
    const { near, hint } = suggest(foreign, fields.keys());
    const detail = `${foreign} is not known to ${probe.name}: ${hint}`;
    return { problem: badInput(foreign, detail, near) };
  }
  const usual = timeoutMs === undefined || !fields.has("timeoutMs") ? {} : { timeoutMs };
  const own = { ...usual, ...defined("target", target), ...defined("setting", setting), ...more };
  const pairs = [
    ...Object.entries(own).flatMap(([name, value]) =>
      [value].flat().map((one): Pair => [name, one]),
    ),
    ...Object.entries(expect).map(([key, value]): Pair => [`expect.${key}`, value]),
    ...demanded,
  ];
  if (!("setting" in own)) return decodedAll(probe, [pairs]);
  const filled = fillSetting(probe, pairs, environment);
  return "problem" in filled ? filled : decodedAll(probe, filled);
}

function decodedAll(probe: AnyProbe, all: readonly (readonly Pair[])[]): Question[] | Refused {
  const questions: Question[] = [];
  for (const pairs of all) {
    const decoded = decodePairs(probe, pairs);
    if ("problem" in decoded) return decoded;
    questions.push(decoded.question);
  }
  return questions;
}

/** A target that the probe has no use for, or that is said twice. */
function targetOf(item: Item, probe: string, known: Iterable<string>): Problem | undefined {
  const parameters = [...known];
  if (item.target === undefined) return undefined;
  if (!parameters.includes("target")) {
    const detail = `${probe} takes no target: what it asks stands in input, as ${parameters.join(", ")}`;
    return badInput("target", detail);
  }
  if (!Object.hasOwn(inputOf(item), "target")) return undefined;
  return badInput("target", "the target stands beside the input as well: say it once");
}

function inputOf(item: Item): NonNullable<Item["input"]> {
  const short = shorthandOf(item);
  return (short === undefined ? item.input : item[short]) ?? {};
}

/** The problem of one check, where it stands in the suite. */
function placed(problem: Problem, item: Item, index: number, source: Source): Problem {
  const named = problem.more?.["parameter"];
  const parameter = typeof named === "string" ? named : "";
  // Where it stands says which parameter it is.
  const begins = `${parameter}: `;
  const isNamed = problem.detail.startsWith(begins);
  const detail = isNamed ? problem.detail.slice(begins.length) : problem.detail;
  const wrong = wrongAt(source, ["checks", index, ...pathOf(parameter, item)], detail);
  const suggestion = problem.more?.["suggestion"];
  const found = problemOf(wrong);
  return suggestion === undefined ? found : { ...found, more: { ...found.more, suggestion } };
}

/** Where in a check a parameter stands, or where it is missing. */
function pathOf(parameter: string, item: Item): string[] {
  const [first, ...rest] = parameter.split(".");
  if (first === "expect" && rest.length > 0) return ["expect", rest.join(".")];
  const isBeside =
    (parameter === "target" || parameter === "setting" || parameter === "timeoutMs") &&
    item[parameter] !== undefined;
  if (isBeside && !Object.hasOwn(inputOf(item), parameter)) return [parameter];
  return [shorthandOf(item) ?? "input", parameter];
}

/** What is wrong with a suite, as a 400 with its line and column. */
export function problemOf(wrong: Wrong): Problem {
  const { where, place } = wrong;
  const problem = badInput(where === "" ? "suite" : where, sayWrong(wrong));
  return { ...problem, more: { ...problem.more, ...place } };
}
