/** Asks one thing after the other, and tells how far it is. Can be held and stopped. */
import { useRef, useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { ask, type Answer } from "./api.ts";
import { reportsIn, type Round, type Task } from "./checks.ts";
import { subjectOf } from "./words.ts";

export interface Run extends Task {
  readonly state: "waiting" | "running" | "done" | "stopped";
  readonly answer?: Answer;
}

export interface Runs {
  readonly round: Round;
  readonly runs: readonly Run[];
  readonly state: "idle" | "running" | "held";
  readonly go: (round: Round, key: string) => Promise<void>;
  /** Shows reports that are there already. */
  readonly show: (title: string, reports: readonly Report[]) => void;
  readonly stop: () => void;
  /** Lets what is under way end and asks nothing more, until it is called again. */
  readonly hold: () => void;
}

const nothing: Round = { title: "", tasks: [], yaml: "", notProved: [] };

/** What a round can be told while it is under way. */
class Control {
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

/** `told` hears of every answer as it comes, and of all of them at the end. */
export function useRuns(
  told: (answer: Answer) => void,
  ended: (answers: readonly Answer[]) => void,
): Runs {
  const [round, setRound] = useState(nothing);
  const [runs, setRuns] = useState<readonly Run[]>([]);
  const [state, setState] = useState<Runs["state"]>("idle");
  const under = useRef<Control | undefined>(undefined);

  /** Takes the place of whatever is under way. */
  const replace = (control: Control | undefined) => {
    under.current?.stop();
    under.current = control;
    setState(control === undefined ? "idle" : "running");
  };

  const show = (title: string, reports: readonly Report[]) => {
    replace(undefined);
    setRound({ ...nothing, title });
    setRuns(reports.map(runOf));
  };

  const go = async (asked: Round, key: string) => {
    const control = new Control();
    replace(control);
    setRound(asked);
    const isOurs = () => under.current === control;
    const all = await askAll(asked, { key, control }, (now, answer) => {
      if (isOurs()) setRuns(now);
      if (isOurs() && answer !== undefined) told(answer);
    });
    if (!isOurs()) return;
    setRound(all.round);
    setRuns(all.runs.map((run) => (run.state === "done" ? run : { ...run, state: "stopped" })));
    setState("idle");
    await drawn();
    ended(all.runs.flatMap(({ answer }) => answer ?? []));
  };

  return {
    round,
    runs,
    state,
    go,
    show,
    stop: () => under.current?.stop(),
    hold: () => setState(under.current?.toggle() === true ? "held" : "running"),
  };
}

/** Lets the page draw first. No frame is waited for: a page in the background has none. */
const drawn = () => new Promise((resolve) => setTimeout(resolve));

/** One after the other, so that each is measured alone. */
async function askAll(
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
    const answer = await askTask(task, key, control.ending.signal);
    if (answer === undefined) break;
    set(index, { state: "done", answer });
    // Without a key no other line would fare better.
    if ("trouble" in answer && answer.trouble.status === 401) break;
  }
  return apart(round, now);
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
function runOf(report: Report): Run {
  const title = report.name ?? subjectOf(report);
  const task = { title, api: "", input: {}, question: undefined, check: {} };
  return { ...task, state: "done", answer: { report } };
}

/** The word that a row and its sign show. */
export function verdictOf({ state, answer }: Run): string {
  if (answer === undefined) return state;
  return "report" in answer ? answer.report.verdict : "error";
}

/** What stands in front, and stays there while the others arrive. */
export function isTroubled(run: Run): boolean {
  return ["fail", "error"].includes(verdictOf(run));
}

const order = ["fail", "error", "warn", "pass"];

/** The one that is shown when nobody has chosen: the worst. */
export function worst(runs: readonly Run[]): Run | undefined {
  const rank = (run: Run) => (order.indexOf(verdictOf(run)) + order.length) % order.length;
  return runs.toSorted((a, b) => rank(a) - rank(b))[0];
}
