/**
 * A walk: a readable recipe of stages, from one judged address upwards. `climb` takes a target to its
 * addresses and walks each of them.
 */
import { defined } from "./platform/values.ts";
import { resolve } from "./stages/resolve.ts";
import type { Peer } from "./policy/peer.ts";
import type { Kind } from "./policy/rules.ts";
import { branchesIn, type Branch } from "./report.ts";
import type { AnySheet } from "./stage.ts";
import type { Target } from "./target.ts";
import type { Trail } from "./trail.ts";

export interface Walk {
  /** What the policy calls this kind of traffic. */
  readonly kind: Kind;
  /** The stages after `resolve`, in order. */
  readonly stages: readonly AnySheet[];
  /** What even a pass does not establish. */
  readonly notProved: readonly string[];
  /** How many connections it opens to one address; one when absent. */
  readonly connections?: number;
  /** How many addresses are walked at a time, where it waits more than it works. */
  readonly atOnce?: number;
  walk(trail: Trail, peer: Peer, target: Target): Promise<unknown>;
  /** Commands of other tools that ask the same; at this address, where a name was resolved to it. */
  reproduce(target: Target, address?: string): readonly string[];
}

/** How far a branch got: it holds the facts of each stage that was begun. */
const reach = (branch: Branch) => Object.keys(branch).length;

/**
 * The address to ask once more: of those that failed the one that got furthest, else the first that was dialled.
 * A line that asked a living one would not show what is wrong with a dead one.
 */
export function addressToRepeat(result: Branch): string | undefined {
  const addresses = branchesIn(result, "addresses");
  const [worst] = addresses
    .filter(({ stopped }) => stopped !== undefined)
    .toSorted((a, b) => reach(b) - reach(a));
  return (worst ?? addresses[0])?.on;
}

/** Resolve, judge, then walk every address: a dead one of several is seen beside the living. */
export async function climb(trail: Trail, target: Target, recipe: Walk): Promise<void> {
  trail.plan([resolve, ...recipe.stages]);
  const { kind, connections, atOnce } = recipe;
  const peers = await trail.take(resolve, { target, kind, ...defined("connections", connections) });
  const walk = (own: Trail, peer: Peer) => recipe.walk(own, peer, target);
  await trail.fork("addresses", peers, (peer) => peer.address, walk, atOnce);
}
