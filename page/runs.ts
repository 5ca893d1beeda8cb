/** What is being asked, how far it is, and what came of it. */
import { useRef, useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import type { Answer } from "./api.ts";
import { askAll, Control, runOf, type Run } from "./asking.ts";
import type { Round } from "./checks.ts";

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
const rank = (run: Run) => (order.indexOf(verdictOf(run)) + order.length) % order.length;

/** The one that is shown when nobody has chosen: the worst. */
export function worst(runs: readonly Run[]): Run | undefined {
  return runs.toSorted((a, b) => rank(a) - rank(b))[0];
}
