/** Asks one thing after the other. Can be held and stopped, and waits its turn where questions are counted. */
import type { Report } from "../lib/report.ts";
import { ask, type Answer } from "./api.ts";
import { reportsIn, type Round, type Task } from "./checks.ts";
import { subjectOf } from "./words.ts";

export interface Run extends Task {
  readonly state: "waiting" | "running" | "done" | "stopped";
  readonly answer?: Answer;
  /** Seconds until it is asked again: this Sonde answers only so many questions a minute. */
  readonly waits?: number | undefined;
}

/** What a round can be told while it is under way. */
export class Control {
  readonly ending = new AbortController();
  #held: Promise<void> | undefined;
  #free: (() => void) | undefined;

  /** Whether it is held now. */
  toggle(): boolean {
    if (this.#held === undefined) {
      this.#held = new Promise((resolve) => (this.#free = resolve));
      return true;
    }
    this.#free?.();
    this.#held = undefined;
    return false;
  }

  async whenFree(): Promise<void> {
    await this.#held;
  }

  stop(): void {
    this.ending.abort();
    this.#free?.();
  }
}

/** One after the other, so that each is measured alone. */
export async function askAll(
  round: Round,
  { key, control }: { readonly key: string; readonly control: Control },
  changed: (now: readonly Run[], answer?: Answer) => void,
): Promise<{ readonly round: Round; readonly runs: readonly Run[] }> {
  let now: readonly Run[] = round.tasks.map((task) => ({ ...task, state: "waiting" }));
  const set = (index: number, change: Partial<Run>) => {
    now = now.map((run, at) => (at === index ? { ...run, ...change } : run));
    changed(now, change.answer);
  };
  for (const [index, task] of now.entries()) {
    await control.whenFree();
    if (control.ending.signal.aborted) break;
    set(index, { state: "running" });
    const { signal } = control.ending;
    let answer = await askTask(task, key, signal);
    // One of many waits its turn; a single one says when it is worth asking again.
    while (now.length > 1 && waitOf(answer) > 0) {
      set(index, { waits: waitOf(answer) });
      await turn(waitOf(answer), signal);
      answer = await askTask(task, key, signal);
    }
    if (answer === undefined) break;
    set(index, { state: "done", answer });
    // Without a key no other line would fare better.
    if ("trouble" in answer && answer.trouble.status === 401) break;
  }
  return apart(round, now);
}

/** Seconds to wait before it is asked again; none for any answer but one. */
function waitOf(answer: Answer | undefined): number {
  const held = answer !== undefined && "trouble" in answer && answer.trouble.status === 429;
  return held ? (answer.trouble.retryAfter ?? 0) : 0;
}

function turn(seconds: number, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", resolve);
    setTimeout(resolve, seconds * 1000);
  });
}

/** A suite that was asked as a whole is shown check by check. */
function apart(round: Round, runs: readonly Run[]) {
  const [only, ...others] = runs.map(({ answer }) => answer);
  if (only === undefined || !("report" in only) || others.length > 0) return { round, runs };
  const { name = round.title, notProved } = only.report;
  const parts = reportsIn(only.report);
  if (parts.length < 2) return { round, runs };
  return { round: { ...round, title: name, notProved }, runs: parts.map(runOf) };
}

/** Nothing when it was stopped. */
async function askTask(task: Task, key: string, signal: AbortSignal): Promise<Answer | undefined> {
  const { api, input } = task;
  const answer = await ask(api, { key, signal, input }).catch(() => undefined);
  return answer === undefined ? undefined : reportIn(answer);
}

/** Of a suite of one the report of that one is what counts. */
export function reportIn(answer: Answer): Answer {
  const [only, ...others] = "report" in answer ? reportsIn(answer.report) : [];
  return only === undefined || others.length > 0 ? answer : { report: only };
}

/** A report that was not asked for by itself: of a suite as a whole, or opened. */
export function runOf(report: Report): Run {
  const title = report.name ?? subjectOf(report);
  const task = { title, api: "", input: {}, question: undefined, check: {} };
  return { ...task, state: "done", answer: { report } };
}
