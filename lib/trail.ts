/**
 * A run so far. Stages are taken on it; what they noted stays, whatever happens next; a fork gives
 * each subject a trail of its own.
 *
 * The trail alone owns the time. A stage that outlives its own patience is aborted with the code that
 * its silence earns; a trail that outlives its share of the run is aborted with `sonde.deadline`,
 * because spent time is ours and must never be blamed on the network.
 */
import { arm } from "./alarm.ts";
import { roundMs } from "./clock.ts";
import { Failure } from "./failure.ts";
import { few } from "./few.ts";
import type { Here } from "./here.ts";
import { setOut, type Journey, type Own, type Tree } from "./journey.ts";
import { isAside, type ForkName, type Step } from "./report.ts";
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

/** Timed stages run few at a time: with more in flight the loop's own queue shows in the figures. */
const AT_ONCE = 8;

/**
 * Walks one trail to its end and writes what it learned into `tree`: a `Failure` that ended it as
 * `stopped`. Rejects only for a bug.
 */
export async function follow(
  journey: Journey,
  tree: Tree,
  untilMs: number,
  walk: (trail: Trail) => Promise<unknown>,
  parent?: Own,
): Promise<void> {
  const own = setOut(journey, tree, untilMs, parent);
  const { planned } = own;
  const trail: Trail = {
    here: journey.here,
    plan: (stages) => void planned.push(...stages),
    take: (stage, from) => take(own, stage, from),
    fork: (over, subjects, label, walkOne, atOnce = AT_ONCE) => {
      const branches = subjects.map((subject): Tree => ({ on: label(subject) }));
      // A trail may fork twice over the same thing: a redirect is found only at the end of a hop.
      const all = (own.forks[over] ??= []);
      all.push(...branches);
      tree[over] = all;
      const heir = isAside(over, tree) ? { ...own, planned: [] } : own;
      return few(subjects, atOnce, async (subject, index, waves) => {
        const now = journey.clock.now();
        const share = now + (untilMs - now) / waves;
        await follow(journey, branches[index] ?? {}, share, (each) => walkOne(each, subject), heir);
      });
    },
  };
  try {
    await walk(trail);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, detail } = error;
    const more = Object.keys(detail).length === 0 ? {} : { detail };
    tree["stopped"] = { stage: saidBy.get(error) ?? own.last, code, message, ...more };
  }
  for (const { name } of planned) {
    if (own.told.has(name)) continue;
    journey.steps.push({ name, ...own.on, verdict: "skip" });
    tell(own, name);
  }
}

/** A stage that has a step of its own, here or on a branch below, is not a skip of the trail above. */
function tell(own: Own, name: string): void {
  for (let each: Own | undefined = own; each !== undefined; each = each.parent) each.told.add(name);
}

/** Which stage said no: a walk may keep the no, take another stage, and end with it all the same. */
const saidBy = new WeakMap<Failure, string>();

async function take<From, To, Sheet extends AnySheet>(
  own: Own,
  stage: Stage<From, To, Sheet>,
  from: From,
): Promise<To> {
  const { journey, tree, control } = own;
  const { name, silence } = stage;
  if (own.taken.has(name)) throw new Error(`stage ${name} was taken twice on a trail`);
  own.taken.add(name);
  own.last = name;
  tell(own, name);
  const startMs = journey.clock.now();
  const step: Step = { name, ...own.on, verdict: "pass", startMs: roundMs(startMs) };
  journey.steps.push(step);
  let known: object = {};
  const end = journey.clock.begin();
  const patienceMs = stage.patienceMs?.(from) ?? journey.patienceMs;
  const timer = arm(control, silence, patienceMs, own.untilMs - startMs);
  try {
    control.signal.throwIfAborted();
    return await stage.run(from, {
      signal: control.signal,
      here: journey.here,
      note: (facts) => {
        known = { ...known, ...facts };
        if (stage.flat === undefined) tree[name] = known;
        else Object.assign(tree, known);
      },
      late: journey.clock.late,
    });
  } catch (error) {
    step.verdict = "fail";
    if (error instanceof Failure) {
      step.code = error.code;
      // A spent signal says the same no to whatever is taken next: the first stage counts.
      if (!saidBy.has(error)) saidBy.set(error, name);
    }
    throw error;
  } finally {
    end();
    clearTimeout(timer);
    step.ms = roundMs(journey.clock.now() - startMs);
  }
}
