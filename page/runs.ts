/** Runs the targets of a question one after the other, and tells how far it is. */
import { useRef, useState } from "preact/hooks";
import { ask, type Answer } from "./api.ts";
import { inputOf, type Question } from "./link.ts";

export interface Run {
  readonly target: string;
  /** The question as asked for this target alone. */
  readonly question: Question;
  readonly state: "waiting" | "running" | "done" | "stopped";
  readonly answer?: Answer;
}

export interface Runs {
  readonly runs: readonly Run[];
  readonly busy: boolean;
  readonly go: (question: Question, key: string) => Promise<void>;
  readonly stop: () => void;
}

/** `told` hears of every answer as it comes. */
export function useRuns(told: (answer: Answer) => void): Runs {
  const [runs, setRuns] = useState<readonly Run[]>([]);
  const [busy, setBusy] = useState(false);
  const under = useRef<AbortController | undefined>(undefined);

  const go = async (question: Question, key: string) => {
    under.current?.abort();
    const ending = new AbortController();
    under.current = ending;
    const { signal } = ending;
    let now: readonly Run[] = question.targets.map((target) => {
      return { target, question: { ...question, targets: [target] }, state: "waiting" };
    });
    const set = (index: number, change: Partial<Run>) => {
      now = now.map((run, at) => (at === index ? { ...run, ...change } : run));
      if (under.current === ending) setRuns(now);
    };
    setBusy(true);
    for (const [index, { target }] of now.entries()) {
      if (signal.aborted) break;
      set(index, { state: "running" });
      const input = inputOf(question, target);
      // One after the other, so that each is measured alone.
      const answer = await ask(question.probe, { key, signal, input }).catch(() => undefined);
      if (answer === undefined) break;
      set(index, { state: "done", answer });
      told(answer);
      // Without a key no other line would fare better.
      if ("trouble" in answer && answer.trouble.status === 401) break;
    }
    now = now.map((run) => (run.state === "done" ? run : { ...run, state: "stopped" }));
    if (under.current !== ending) return;
    setRuns(now);
    setBusy(false);
  };

  return { runs, busy, go, stop: () => under.current?.abort() };
}

/** The word that a row and its sign show. */
export function verdictOf({ state, answer }: Run): string {
  if (answer === undefined) return state;
  return "report" in answer ? answer.report.verdict : "error";
}

const order = ["fail", "error", "warn", "running", "pass"];

/** Failures first, once all is said; until then as they were given, so that nothing jumps. */
export function sorted(runs: readonly Run[], busy: boolean): readonly Run[] {
  const rank = (run: Run) => (order.indexOf(verdictOf(run)) + order.length) % order.length;
  return busy ? runs : runs.toSorted((a, b) => rank(a) - rank(b));
}
