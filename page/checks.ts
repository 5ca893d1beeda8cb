/** Questions as checks of a suite, and checks of a suite as questions. */
import { isKnown, known, list, records, text, type Known } from "./known.ts";
import { inputOf, pairsOf, subjectOf, withoutSecrets, wordOf, type Question } from "./link.ts";

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
export function tasksOf(question: Question): readonly Task[] {
  const { probe, targets } = question;
  const asked = subjectOf(probe) === undefined ? [""] : targets;
  return asked.map((target) => ({
    title: target === "" ? probe : target,
    api: probe,
    input: inputOf(question, target),
    question: { ...question, targets: target === "" ? [] : [target] },
    check: checkOf(question, target),
  }));
}

/** A suite is asked check by check, each as a suite of one: so nothing in it means anything else. */
export function suiteTasks(suite: Known): readonly Task[] {
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
  const sorted: { input: Record<string, unknown>; expect: Record<string, unknown> } = {
    input: subject === "name" ? { name: target } : {},
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
  const { name, ...input } = known(check["input"]);
  const subject = subjectOf(probe);
  const target = text(subject === "name" ? name : check["target"]);
  if (subject !== undefined && target === undefined) return undefined;
  const given: [name: string, value: unknown][] = [
    ...Object.entries(input),
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

/** The checks as a suite that `api/smoke` and `sonde smoke` read. Flow style: every value is JSON. */
export function suiteYaml(name: string, checks: readonly Known[]): string {
  const lines = checks.map((check) => {
    const members = Object.entries(check).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    return `  - ${members.join("\n    ")}`;
  });
  return ["version: 1", `name: ${JSON.stringify(name)}`, "checks:", ...lines, ""].join("\n");
}

/** The one report of a suite of one. */
export function firstCheck(report: Known): Known | undefined {
  return records(report["checks"])[0];
}
