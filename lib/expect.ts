/** Expectations: what a caller demands of the facts, and whether they hold. */
import { knows } from "./facts/read.ts";
import type { Leaf } from "./leaves.ts";
import type { Expected } from "./report.ts";
import type { AnySheet, Demand } from "./stage.ts";

export interface Expectation {
  readonly key: string;
  readonly demand: Demand;
  /** The stage whose facts it is about. */
  readonly stage: string;
  /** Codes that are no trouble once this holds. */
  readonly settles: readonly string[];
}

/** What is demanded of a run: facts, and whether anything may answer at all. */
export interface Demands {
  /** What is demanded of the facts. */
  readonly facts: readonly Expectation[];
  /** `false`: this must stay closed, and a refusal or silence is the pass. */
  readonly reachable?: boolean;
}

export const noDemands: Demands = { facts: [] };

/** The one key that is about the run and not about a fact. */
const REACHABLE = "reachable";

export interface WrongDemand {
  readonly key: string;
  readonly wrong: string;
}

/** Every key that may be expected of a probe with these stages, with its summary. */
export function expectable(stages: readonly AnySheet[]): ReadonlyMap<string, string> {
  const keys = new Map([[REACHABLE, "true, or false for something that must stay closed"]]);
  for (const stage of stages) {
    for (const [key, { summary }] of Object.entries(stage.expect)) keys.set(key, summary);
  }
  return keys;
}

/**
 * Reads what is given for each `expect.<key>`. Several texts are one demand, as with commas, but for
 * those that are taken whole. The first that cannot be read is named.
 */
export function readDemands(
  stages: readonly AnySheet[],
  given: Iterable<readonly [key: string, texts: readonly string[]]>,
): Demands | WrongDemand {
  const pairs = [...given].flatMap(([key, texts]) =>
    isWhole(stages, key)
      ? texts.map((text) => [key, text] as const)
      : [[key, texts.join(",")] as const],
  );
  const facts: Expectation[] = [];
  let reachable: boolean | undefined;
  for (const [key, text] of pairs) {
    if (key !== REACHABLE) {
      const read = readOne(stages, key, text);
      if ("wrong" in read) return read;
      facts.push(read);
    } else if (text === "true" || text === "false") reachable = text === "true";
    else return { key, wrong: "true or false is needed" };
  }
  return { facts, ...(reachable === undefined ? {} : { reachable }) };
}

function isWhole(stages: readonly AnySheet[], key: string): boolean {
  return stages.some(({ expect }) => Object.hasOwn(expect, key) && expect[key]?.whole === true);
}

function readOne(
  stages: readonly AnySheet[],
  key: string,
  text: string,
): Expectation | WrongDemand {
  const stage = stages.find((one) => Object.hasOwn(one.expect, key));
  const expectation = stage?.expect[key];
  if (stage === undefined || expectation === undefined) {
    return { key, wrong: "nothing of this name can be expected here" };
  }
  const demand = expectation.read(text);
  if ("wrong" in demand) return { key, wrong: demand.wrong };
  return { key, demand, stage: stage.name, settles: expectation.settles ?? [] };
}

/** Holds every demand against every leaf. What was never learned is unknown, and unknown is a no. */
export function holdAgainst(demands: Demands, leaves: readonly Leaf[]): Expected[] {
  const rows = demands.facts.flatMap((one) => distinct(one, leaves).map((leaf) => hold(one, leaf)));
  if (demands.reachable === undefined) return rows;
  const answered = leaves.some((leaf) => leaf.stopped === undefined);
  const measured = answered || leaves.every(({ stopped }) => isAnswer(stopped?.code ?? ""));
  const actual = answered ? "true" : measured ? "false" : "unknown";
  const wanted = String(demands.reachable);
  return [...rows, { key: REACHABLE, wanted, actual, ok: actual === wanted }];
}

/** Branches may share facts of the branch above: those are held to a demand once. */
function distinct({ stage }: Expectation, leaves: readonly Leaf[]): readonly Leaf[] {
  const seen = new Set<unknown>();
  return leaves.filter(({ facts }) => {
    const own: unknown = Reflect.get(facts, stage);
    const known = own !== undefined && seen.has(own);
    seen.add(own);
    return !known;
  });
}

function hold({ key, demand, stage }: Expectation, leaf: Leaf): Expected {
  const facts = Object.entries(leaf.facts).find(([name]) => name === stage)?.[1];
  const known = knows(facts, []) ? facts : {};
  const on = leaf.on === undefined ? {} : { on: leaf.on };
  return {
    key,
    wanted: demand.wanted,
    actual: demand.actual(known),
    ok: demand.holds(known),
    ...on,
  };
}

/** Codes of findings that the caller asked for, in so many words, and got. */
export function settledBy(demands: Demands, expected: readonly Expected[]): ReadonlySet<string> {
  const broken = new Set(expected.filter((one) => !one.ok).map((one) => one.key));
  return new Set(demands.facts.filter(({ key }) => !broken.has(key)).flatMap((one) => one.settles));
}

/** Refused, silent or unresolved is an answer of the network; refused by us or out of time is none. */
export function isAnswer(code: string): boolean {
  return !code.startsWith("policy.") && !code.startsWith("sonde.");
}
