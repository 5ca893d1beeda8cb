/** What the page knows, and what can be done with it. */
import { useRef, useState } from "preact/hooks";
import type { Report, Vantage } from "../lib/report.ts";
import { ask, type Answer } from "./api.ts";
import { readBox } from "./box.ts";
import { readHistory, remember } from "./history.ts";
import { savedKey, saveKey } from "./key.ts";
import { hashOf, readHash, type Question } from "./link.ts";
import type { Draft } from "./question.tsx";
import { useRuns } from "./runs.ts";

export const views = ["Check", "Inbound", "Policy", "Findings", "History"] as const;
export type View = (typeof views)[number];

export type Page = ReturnType<typeof usePage>;

function useKey() {
  const [key, setKey] = useState(savedKey);
  const take = (next: string, keep: boolean) => {
    setKey(next);
    saveKey(next, keep);
  };
  return [key, take] as const;
}

/** The key, what was asked, and what came back. */
function useAsking() {
  const [key, take] = useKey();
  /** The last answer of any kind: it tells whether a key is needed. */
  const [last, setLast] = useState<Answer | undefined>(undefined);
  /** Where this is, as the last report told it. */
  const [vantage, setVantage] = useState<Vantage | undefined>(undefined);
  const [history, setHistory] = useState(readHistory);
  const wanted = useRef<Question | undefined>(undefined);
  const hear = (answer: Answer) => {
    setLast(answer);
    if (!("report" in answer)) return;
    setVantage(answer.report.vantage);
    setHistory(remember(answer.report));
  };
  const runs = useRuns(hear);
  const start = (question: Question, withKey: string) => {
    wanted.current = question;
    window.history.replaceState(null, "", location.pathname + hashOf(question));
    void runs.go(question, withKey);
  };
  /** One request tells where this is, how it came here, and whether a key is needed. */
  const greet = async (withKey: string) => hear(await ask("echo", { key: withKey }));
  /** Takes a key, or forgets it; what was waiting for one is asked at once. */
  const give = (next: string, keep: boolean) => {
    take(next, keep);
    if (next !== "" && wanted.current !== undefined) start(wanted.current, next);
    else void greet(next);
  };
  return { key, take, last, vantage, history, setHistory, runs, start, greet, give };
}

export function usePage() {
  const asking = useAsking();
  const [view, setView] = useState<View>("Check");
  const [opened, setOpened] = useState<Report | undefined>(undefined);
  const [draft, setDraft] = useState<Draft>({ box: "", probe: "check", more: "", dropped: false });
  /** Shows a report that was opened; without one, what was asked here. */
  const open = (report: Report | undefined) => {
    setOpened(report);
    setView("Check");
  };
  /** Reads the box, shows what it was read as, and asks that. Whether there was anything to ask. */
  const run = (asked: Draft, withKey = asking.key): boolean => {
    const { targets, dropped } = readBox(asked.box);
    setDraft({ ...asked, box: targets.join("\n"), dropped: dropped || asked.dropped });
    if (targets.length === 0) return false;
    open(undefined);
    asking.start({ probe: asked.probe, more: asked.more, targets }, withKey);
    return true;
  };
  /** Reads what stands behind the `#`: at the start, and whenever a link is opened here. */
  const arrive = () => {
    const { key: given, targets, ...rest } = readHash(location.hash);
    if (given !== undefined) {
      asking.take(given, true);
      window.history.replaceState(null, "", location.pathname + hashOf({ ...rest, targets }));
    }
    const withKey = given ?? asking.key;
    const linked = { ...rest, box: targets.join("\n"), dropped: false };
    if (!run(linked, withKey)) void asking.greet(withKey);
  };
  return { ...asking, view, setView, opened, open, draft, setDraft, run, arrive };
}

/** The Functions host asks for a key without a word; a sign-in is asked for by Sonde, in a problem. */
export function needsKey(answer: Answer | undefined): boolean {
  if (answer === undefined || !("trouble" in answer)) return false;
  return answer.trouble.status === 401 && answer.trouble.problem === undefined;
}
