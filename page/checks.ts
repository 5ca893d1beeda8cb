/** Questions as checks of a suite, and checks of a suite as questions. */
import type { Report } from "../lib/report.ts";
import { isKnown, known, list, parse, text, texts, type Known } from "./known.ts";
import {
  inputOf,
  needsTarget,
  pairsOf,
  subjectOf,
  withoutSecrets,
  wordOf,
  type Question,
} from "./link.ts";
import { isReport } from "./shape.ts";

/** A question of the page: one task or many, and what is told of them as a whole. */
export interface Round {
  readonly title: string;
  readonly tasks: readonly Task[];
  /** All of it as a suite; empty where the questions are not known. */
  readonly yaml: string;
  /** What even a pass of all does not establish. */
  readonly notProved: readonly string[];
}

/** One thing to ask: what is sent, and what it is called in a list. */
export interface Task {
  readonly title: string;
  /** The name below `api/`: a probe, or `smoke` for a check of a suite. */
  readonly api: string;
  readonly input: Known;
  /** The same as a question of its own, to be linked and copied; a check may ask what no link can. */
  readonly question: Question | undefined;
  /** As a suite would write it. */
  readonly check: Known;
}

/** A task for every target; one for a probe that has none. */
export function roundOf(question: Question): Round {
  const { probe, targets } = question;
  const asked = subjectOf(probe) === undefined || targets.length === 0 ? [""] : targets;
  const title = asked.length > 1 ? `${asked.length} targets` : probe;
  const tasks = asked.map((target) => taskOf(question, target));
  const checks = tasks.map(({ check }) => check);
  return { title, tasks, yaml: suiteYaml({ version: 1, name: title, checks }), notProved: [] };
}

function taskOf(question: Question, target: string): Task {
  const { probe } = question;
  return {
    title: target === "" ? probe : target,
    api: probe,
    input: inputOf(question, target),
    question: { ...question, targets: target === "" ? [] : [target] },
    check: checkOf(question, target),
  };
}

/** A suite is asked check by check, each as a suite of one: so nothing in it means anything else. */
export function suiteRound(suite: Known): Round {
  return {
    title: text(suite["name"]) ?? "suite",
    tasks: suiteTasks(suite),
    yaml: suiteYaml(suite),
    notProved: texts(suite["notProved"]),
  };
}

function suiteTasks(suite: Known): readonly Task[] {
  const { version, defaults } = suite;
  return list(suite["checks"]).map((one, index) => {
    const check = isKnown(one) ? one : { target: one };
    const only = defaults === undefined ? { version } : { version, defaults };
    const question = questionOf(check);
    return {
      title: text(check["name"]) ?? question?.targets[0] ?? `check ${index + 1}`,
      api: "smoke",
      input: { ...only, checks: [check] },
      question,
      check,
    };
  });
}

/** `expect.status=200` becomes a member of `expect`, any other parameter one of `input`. */
function checkOf({ probe, more }: Question, target: string): Known {
  const subject = subjectOf(probe);
  const named = subject !== undefined && target !== "";
  const sorted: { input: Record<string, unknown>; expect: Record<string, unknown> } = {
    input: named && subject !== "target" ? { [subject]: target } : {},
    expect: {},
  };
  for (const [name, value] of pairsOf(more)) {
    const key = name.replace(/^expect\./, "");
    const into = key === name ? sorted.input : sorted.expect;
    into[key] = into[key] === undefined ? value : [into[key], value].flat();
  }
  const members = Object.entries(sorted).filter(([, some]) => Object.keys(some).length > 0);
  return {
    ...(probe === "check" ? {} : { probe }),
    ...(subject === "target" ? { target: withoutSecrets(target) } : {}),
    ...Object.fromEntries(members),
  };
}

/** Nothing for a check whose target this page does not know. */
function questionOf(check: Known): Question | undefined {
  const probe = text(check["probe"]) ?? "check";
  const input = known(check["input"]);
  const subject = subjectOf(probe) ?? "";
  const target = text(subject === "target" ? check["target"] : input[subject]);
  if (target === undefined && needsTarget(probe)) return undefined;
  const given: [name: string, value: unknown][] = [
    ...Object.entries(input).filter(([key]) => key !== subject || target === undefined),
    ...Object.entries(known(check["expect"])).map(([key, value]): [string, unknown] => [
      `expect.${key}`,
      value,
    ]),
  ];
  const words = given.flatMap(([key, value]) =>
    [value].flat().map((one) => wordOf(key, String(one))),
  );
  return { probe, targets: target === undefined ? [] : [target], more: words.join(" ") };
}

/** A suite as `api/smoke` and `sonde smoke` read it. Flow style: every value is JSON. */
export function suiteYaml({ checks, ...suite }: Known): string {
  const lines = list(checks).map((check) => {
    return `  - ${(isKnown(check) ? membersOf(check) : [JSON.stringify(check)]).join("\n    ")}`;
  });
  return [...membersOf(suite), "checks:", ...lines, ""].join("\n");
}

function membersOf(some: Known): string[] {
  return Object.entries(some).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
}

/** The reports in what was pasted or opened. */
export function readReports(pasted: string): readonly Report[] {
  return reportsIn(parse(pasted));
}

/** The reports in what was answered, pasted or opened: one, those of a suite, or a list of them. */
export function reportsIn(value: unknown): readonly Report[] {
  if (!isReport(value)) return list(value).filter(isReport);
  const checks = list(value.checks).filter(isReport);
  return checks.length === 0 ? [value] : checks;
}
