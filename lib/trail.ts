/**
 * A run so far. Stages are taken on it; what they noted stays, whatever happens next; a fork gives
 * each subject a trail of its own.
 *
 * The trail alone owns the time. A stage that outlives its own patience is aborted with the code that
 * its silence earns; a trail that outlives its share of the run is aborted with `sonde.deadline`,
 * because spent time is ours and must never be blamed on the network.
 */
import { roundMs, type Clock } from "./clock.ts";
import { Failure } from "./failure.ts";
import { few } from "./few.ts";
import type { Here } from "./here.ts";
import type { ForkName, Step } from "./report.ts";
import type { AnySheet, Planned, Stage } from "./stage.ts";

export interface Trail {
  readonly here: Here;
  /** Announces stages: one that is never begun is a skip. Forks inherit what was not begun yet. */
  plan(stages: readonly Planned[]): void;
  /** Takes a stage. Each stage at most once on a trail: repetition is a fork. */
  take<From, To, Sheet extends AnySheet>(stage: Stage<From, To, Sheet>, from: From): Promise<To>;
  /** Walks every subject on a trail of its own, `atOnce` at a time; a no ends only its own branch. */
  fork<X>(
    over: ForkName,
    subjects: readonly X[],
    label: (subject: X) => string,
    walk: (trail: Trail, subject: X) => Promise<unknown>,
    atOnce?: number,
  ): Promise<void>;
}

/** A branch while it grows; `Branch` is how the report shows it. */
type Tree = Record<string, unknown>;

/** What all trails of a run share. */
export interface Journey {
  readonly here: Here;
  readonly clock: Clock;
  /** How long a stage may wait for the network. */
  readonly patienceMs: number;
  readonly steps: Step[];
}

/** Timed stages run few at a time: with more in flight the loop's own queue shows in the figures. */
const AT_ONCE = 8;

/**
 * Walks one trail to its end and writes what it learned into `tree`. Resolves whether the walk ended
 * well or in a `Failure`; rejects only for a bug.
 */
export async function follow(
  journey: Journey,
  tree: Tree,
  untilMs: number,
  walk: (trail: Trail) => Promise<unknown>,
  parent?: { readonly planned: readonly Planned[]; begin(name: string): void; on: string },
): Promise<void> {
  const { here, clock, steps } = journey;
  const on = parent === undefined ? {} : { on: parent.on };
  const taken = new Set<string>();
  const begun = new Set<string>(); // here or on any branch below
  const planned = [...(parent?.planned ?? [])];
  const control = new AbortController();
  let last = planned[0]?.name ?? "plan";

  const begin = (name: string) => {
    begun.add(name);
    parent?.begin(name);
  };
  const trail: Trail = {
    here,
    plan: (stages) => void planned.push(...stages),

    async take(stage, from) {
      if (taken.has(stage.name)) throw new Error(`stage ${stage.name} was taken twice on a trail`);
      taken.add((last = stage.name));
      begin(last);
      const startMs = clock.now();
      const step: Step = { name: stage.name, ...on, verdict: "pass", startMs: roundMs(startMs) };
      steps.push(step);
      const timer = arm(control, stage.silence, journey.patienceMs, untilMs - startMs);
      try {
        control.signal.throwIfAborted();
        return await stage.run(from, {
          signal: control.signal,
          here,
          note: (facts) => void (tree[stage.name] = { ...(tree[stage.name] ?? {}), ...facts }),
        });
      } catch (error) {
        step.verdict = "fail";
        if (error instanceof Failure) step.code = error.code;
        throw error;
      } finally {
        clearTimeout(timer);
        step.ms = roundMs(clock.now() - startMs);
      }
    },

    async fork(over, subjects, label, walkOne, atOnce = AT_ONCE) {
      const branches = subjects.map((subject): Tree => ({ on: label(subject) }));
      tree[over] = [...branchesOf(tree, over), ...branches];
      const rest = planned.filter((stage) => !taken.has(stage.name));
      await few(subjects, atOnce, async (subject, index, waves) => {
        const branch = branches[index] ?? {};
        const share = (untilMs - clock.now()) / waves;
        const from = { planned: rest, begin, on: String(branch["on"]) };
        const walkThis = (own: Trail) => walkOne(own, subject);
        await follow(journey, branch, clock.now() + share, walkThis, from);
      });
    },
  };

  try {
    await walk(trail);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tree["stopped"] = { stage: last, code: error.code, message: error.message, ...detailOf(error) };
  }
  for (const { name } of planned) {
    if (!begun.has(name)) steps.push({ name, ...on, verdict: "skip" });
  }
}

/** A trail may fork twice over the same thing: a redirect is found only at the end of a hop. */
function branchesOf(tree: Tree, over: ForkName): readonly unknown[] {
  const before = tree[over];
  return Array.isArray(before) ? before : [];
}

function detailOf({ detail }: Failure): object {
  return Object.keys(detail).length === 0 ? {} : { detail };
}

function arm(
  control: AbortController,
  silence: Failure["code"],
  patienceMs: number,
  leftMs: number,
) {
  const outOfTime = () => new Failure("sonde.deadline", "the time of this run was spent before");
  if (leftMs <= 0) return void control.abort(outOfTime());
  const reason = () =>
    patienceMs <= leftMs
      ? new Failure(silence, `no answer within ${(patienceMs / 1000).toFixed(1)} s`)
      : outOfTime();
  return setTimeout(() => control.abort(reason()), Math.min(patienceMs, leftMs));
}
