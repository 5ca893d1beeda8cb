/**
 * Leaves: every branch of a result, seen from its end, with all the facts on the way there. What a rule
 * reads, and what an expectation is held against.
 */
import type { sheets } from "./facts/index.ts";
import { forks, type Branch, type ForkName, type Stopped } from "./report.ts";
import type { offerSheet } from "./facts/offer.ts";
import type { FactsOf } from "./stage.ts";

type Sheet = (typeof sheets)[number];

/** Facts by the stage that learned them; any stage and any fact may be missing. */
export type LeafFacts = {
  readonly [S in Sheet as S["name"]]?: Partial<FactsOf<S>>;
};

export interface Leaf {
  readonly facts: LeafFacts;
  /** The subject of the innermost branch; absent where the result does not branch. */
  readonly on?: string;
  /** What that branch is one of: an address, an attempt, a control, … */
  readonly fork?: ForkName;
  readonly stopped?: Stopped;
  /** The versions of TLS that were offered one by one: facts, and no ends of their own. */
  readonly versions?: readonly (Partial<FactsOf<typeof offerSheet>> & { readonly on?: string })[];
  /** How many stages learned something on the way. */
  readonly depth: number;
}

const flat: ForkName = "versions";
const ends = forks.filter((name) => name !== flat);
const notFacts = new Set<string>([...forks, "on", "stopped"]);

export function leavesOf(result: Branch): readonly Leaf[] {
  return collect(result, {}, 0);
}

function collect(branch: Branch, above: LeafFacts, depthAbove: number, fork?: ForkName): Leaf[] {
  const own = Object.entries(branch).filter(([name]) => !notFacts.has(name));
  // The trail files facts under the name of their stage and nowhere else, so the shape holds.
  const facts = { ...above, ...Object.fromEntries(own) } as LeafFacts;
  const depth = depthAbove + own.length;
  const leaves = ends.flatMap((name) =>
    branchesIn(branch, name).flatMap((one) => collect(one, facts, depth, name)),
  );
  if (leaves.length > 0 && branch.stopped === undefined) return leaves;
  const { on, stopped } = branch;
  const versions = branchesIn(branch, flat);
  const leaf = {
    facts,
    depth,
    ...(on === undefined ? {} : { on }),
    ...(fork === undefined ? {} : { fork }),
    ...(stopped === undefined ? {} : { stopped }),
    ...(versions.length === 0 ? {} : { versions }),
  };
  return [...leaves, leaf];
}

function branchesIn(branch: Branch, fork: ForkName): readonly Branch[] {
  const found = branch[fork];
  return Array.isArray(found) ? found : [];
}
