/**
 * Leaves: every branch of a result, seen from its end, with all the facts on the way there. What a rule
 * reads, and what an expectation is held against.
 */
import type { sheets } from "./facts/index.ts";
import { branchesIn, forks, isAside, type Branch, type ForkName, type Stopped } from "./report.ts";
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
  /** It stands beside the question: it explains, and decides nothing. */
  readonly aside?: true;
  /** A redirect that was followed, or a referral: on the way to the next hop, and no answer to the question. */
  readonly onward?: true;
  /** The versions of TLS that were offered one by one: facts, and no ends of their own. */
  readonly versions?: readonly (Partial<FactsOf<typeof offerSheet>> & { readonly on?: string })[];
  /** How many stages learned something on the way. */
  readonly depth: number;
}

const flat: ForkName = "versions";
const ends = forks.filter((name) => name !== flat);
const notFacts = new Set<string>([...forks, "on", "stopped"]);

/** Those that the question is about first, then those beside it. */
export function leavesOf(result: Branch): readonly Leaf[] {
  const leaves = collect(result, { facts: {}, depth: 0 });
  return [...leaves.filter(isOwn), ...leaves.filter((leaf) => !isOwn(leaf))];
}

/** Whether a leaf is what the question is about, and not beside it. */
export const isOwn = ({ aside }: Leaf): boolean => aside !== true;

/** Whether it is also an end of the way, and not on it. */
export const isAnswering = (leaf: Leaf): boolean => isOwn(leaf) && leaf.onward !== true;

function collect(branch: Branch, above: Pick<Leaf, "facts" | "depth" | "fork" | "aside">): Leaf[] {
  const own = Object.entries(branch).filter(([name]) => !notFacts.has(name));
  // The trail files facts under the name of their stage and nowhere else, so the shape holds.
  const facts = { ...above.facts, ...Object.fromEntries(own) } as LeafFacts;
  const depth = above.depth + own.length;
  const beside = besideOf(above, facts);
  const leaves = ends.flatMap((fork) => {
    const branches = branchesIn(branch, fork);
    if (branches.length === 0) return [];
    const isBeside = beside.aside === true || isAside(fork, branch);
    const below = { facts, depth, fork, ...(isBeside ? { aside: true as const } : {}) };
    return branches.flatMap((one) => collect(one, below));
  });
  // A branch is an end of its own where it stopped, or where all that is below stands beside it.
  const isPassed = leaves.some(({ aside }) => aside === beside.aside);
  if (isPassed && branch.stopped === undefined) return leaves;
  const { on, stopped } = branch;
  const versions = branchesIn(branch, flat);
  const isOnward = stopped === undefined && isWay(facts);
  const leaf = {
    ...above,
    facts,
    depth,
    ...beside,
    ...(on === undefined ? {} : { on }),
    ...(stopped === undefined ? {} : { stopped }),
    ...(isOnward ? { onward: true as const } : {}),
    ...(versions.length === 0 ? {} : { versions }),
  };
  return [...leaves, leaf];
}

const isWay = ({ request, query }: LeafFacts) =>
  request?.followed === true || query?.referral === true;

/** A second opinion stands among the servers, and so does a server to compare with: beside the question. */
function besideOf({ aside }: Pick<Leaf, "aside">, { query, stun }: LeafFacts): Pick<Leaf, "aside"> {
  const isBeside = aside === true || query?.opinion === true || stun?.second === true;
  return isBeside ? { aside: true } : {};
}
