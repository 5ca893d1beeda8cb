/** What the trails of a run are made of: what they share, and what each has of its own. */
import type { Clock } from "./clock.ts";
import type { Here } from "./here.ts";
import type { ForkName, Step } from "./report.ts";
import type { Planned } from "./stage.ts";

/** A branch while it grows; `Branch` is how the report shows it. */
export type Tree = Record<string, unknown>;

/** What all trails of a run share. */
export interface Journey {
  readonly here: Here;
  readonly clock: Clock;
  /** How long a stage may wait for the network. */
  readonly patienceMs: number;
  readonly steps: Step[];
}

/** One trail. */
export interface Own {
  readonly journey: Journey;
  readonly tree: Tree;
  readonly untilMs: number;
  readonly on: { readonly on?: string };
  readonly parent: Own | undefined;
  readonly planned: Planned[];
  readonly forks: Partial<Record<ForkName, Tree[]>>;
  readonly taken: Set<string>;
  /** Has a step, taken or skipped, here or on a branch below. */
  readonly told: Set<string>;
  readonly control: AbortController;
  /** The stage that was taken last: the one that a failure belongs to. */
  last: string;
}

/** A branch inherits what its parent planned and has not taken itself. */
export function setOut(
  journey: Journey,
  tree: Tree,
  untilMs: number,
  parent: Own | undefined,
): Own {
  const planned = parent?.planned.filter((stage) => !parent.taken.has(stage.name)) ?? [];
  return {
    journey,
    tree,
    untilMs,
    on: parent === undefined ? {} : { on: String(tree["on"]) },
    parent,
    planned,
    forks: {},
    taken: new Set(),
    told: new Set(),
    control: new AbortController(),
    last: planned[0]?.name ?? "plan",
  };
}
