/** Asks one thing after the other, and tells how far it is. Can be held and stopped. */
import { useRef, useState } from "preact/hooks";
import { ask, type Answer } from "./api.ts";
import { firstCheck, type Task } from "./checks.ts";
import { isReport } from "./shape.ts";

export interface Run extends Task {
  readonly state: "waiting" | "running" | "done" | "stopped";
  readonly answer?: Answer;
}

/** A question of the page: one task or many, and what stands above them. */
export interface Round {
  readonly title: string;
  readonly tasks: readonly Task[];
}

export interface Runs {
  readonly title: string;
  readonly runs: readonly Run[];
  readonly state: "idle" | "running" | "held";
  readonly go: (round: Round, key: string) => Promise<void>;
  readonly stop: () => void;
  /** Lets what is under way end and asks nothing more, until it is called again. */
  readonly hold: () => void;
}

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
  const [title, setTitle] = useState("");
  const [runs, setRuns] = useState<readonly Run[]>([]);
  const [state, setState] = useState<Runs["state"]>("idle");
  const under = useRef<Control | undefined>(undefined);

  const go = async (round: Round, key: string) => {
    under.current?.stop();
    const control = new Control();
    under.current = control;
    const isOurs = () => under.current === control;
    let now: readonly Run[] = round.tasks.map((task) => ({ ...task, state: "waiting" }));
    const set = (index: number, change: Partial<Run>) => {
      now = now.map((run, at) => (at === index ? { ...run, ...change } : run));
      if (isOurs()) setRuns(now);
    };
    setTitle(round.title);
    setState("running");
    // One after the other, so that each is measured alone.
    for (const [index, task] of now.entries()) {
      await control.whenFree();
      if (control.ending.signal.aborted) break;
      set(index, { state: "running" });
      const answer = await askTask(task, key, control.ending.signal);
      if (answer === undefined) break;
      set(index, { state: "done", answer });
      if (isOurs()) told(answer);
      // Without a key no other line would fare better.
      if ("trouble" in answer && answer.trouble.status === 401) break;
    }
    if (!isOurs()) return;
    setRuns(now.map((run) => (run.state === "done" ? run : { ...run, state: "stopped" })));
    setState("idle");
    await drawn();
    ended(now.flatMap(({ answer }) => answer ?? []));
  };

  return {
    title,
    runs,
    state,
    go,
    stop: () => under.current?.stop(),
    hold: () => setState(under.current?.toggle() === true ? "held" : "running"),
  };
}

/** Lets the page draw first. No frame is waited for: a page in the background has none. */
const drawn = () => new Promise((resolve) => setTimeout(resolve));

/** Nothing when it was stopped. */
async function askTask(task: Task, key: string, signal: AbortSignal): Promise<Answer | undefined> {
  const { api, input } = task;
  const answer = await ask(api, { key, signal, input }).catch(() => undefined);
  return answer === undefined ? undefined : reportIn(task, answer);
}

/** Of a suite of one the report of that one is what counts. */
export function reportIn({ api }: Task, answer: Answer): Answer {
  if (api !== "smoke" || !("report" in answer)) return answer;
  const only = firstCheck({ ...answer.report });
  return isReport(only) ? { report: only } : answer;
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
