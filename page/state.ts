/** What the page knows, and what can be done with it. */
import { useRef, useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { ask, type Answer } from "./api.ts";
import { readBox, suiteIn } from "./box.ts";
import { roundOf, suiteRound, type Round } from "./checks.ts";
import { readHistory, remember } from "./history.ts";
import { savedKey, saveKey } from "./key.ts";
import { hashOf, hashOfSuite, needsTarget, readHash } from "./link.ts";
import type { Draft } from "./question.tsx";
import { useRuns } from "./runs.ts";
import { hashBeforeSignIn } from "./signin.ts";

export const views = [
  "Check",
  "Suites",
  "Outbound",
  "Inbound",
  "Vantage",
  "Policy",
  "Findings",
  "History",
] as const;
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
  /** The last report of this Sonde: it tells where this is. */
  const [latest, setLatest] = useState<Report | undefined>(undefined);
  const [history, setHistory] = useState(readHistory);
  /** Which view the last question was asked in. */
  const [origin, setOrigin] = useState<View>("Check");
  const wanted = useRef<((withKey: string) => unknown) | undefined>(undefined);
  const hear = (answer: Answer) => {
    setLast(answer);
    if ("report" in answer) setLatest(answer.report);
  };
  const runs = useRuns(hear, (answers) => setHistory(remember(answers)));
  /** Asks it now, and once more when a key is given that was missing. */
  const start = (from: View, hash: string, withKey: string, round: Round) => {
    wanted.current = (next) => start(from, hash, next, round);
    setOrigin(from);
    window.history.replaceState(null, "", location.pathname + hash);
    void runs.go(round, withKey);
  };
  /** A suite by its name, or one that was pasted and that only the API can read. */
  const startSuite = async (name: string, withKey: string, written?: string) => {
    wanted.current = (next) => startSuite(name, next, written);
    const from = written === undefined ? "Suites" : "Check";
    setOrigin(from);
    runs.show("", []);
    const query = name && `?suite=${encodeURIComponent(name)}`;
    const answer = await ask(`suites${query}`, { key: withKey, input: written });
    if (!("document" in answer)) return setLast(answer);
    start(from, name && hashOfSuite(name), withKey, suiteRound({ name, ...answer.document }));
  };
  /** One request tells where this is, for whom it stands, and whether a key is needed. */
  const greet = async (withKey: string) => hear(await ask("vantage", { key: withKey }));
  /** Takes a key, or forgets it; what was waiting for one is asked at once. */
  const give = (next: string, keep: boolean) => {
    take(next, keep);
    if (next !== "" && wanted.current !== undefined) wanted.current(next);
    else void greet(next);
  };
  /** Repeats the last question as it was. */
  const again = () => void wanted.current?.(key);
  const kept = { history, setHistory, origin, setOrigin };
  return { key, take, last, latest, ...kept, runs, start, startSuite, greet, give, again };
}

function roundsOf({ key, start, startSuite }: ReturnType<typeof useAsking>) {
  return {
    runDraft: ({ hash, round, written }: ReturnType<typeof readDraft>, withKey: string) => {
      if (round === undefined) void startSuite("", withKey, written);
      else start("Check", hash, withKey, round);
    },
    runOutbound: (more: string, withKey = key) => {
      const question = { probe: "outbound", targets: [], more };
      start("Outbound", hashOf(question), withKey, roundOf(question));
    },
    runSuite: (name: string, withKey = key) => void startSuite(name, withKey),
  };
}

/** What is asked with what stands in the box, and the box as it was read. */
function readDraft(draft: Draft) {
  const { box, probe, more } = draft;
  const suite = suiteIn(box);
  if (suite !== undefined) {
    // No link can carry it.
    return typeof suite === "string"
      ? { read: draft, hash: "", written: suite }
      : { read: draft, hash: "", round: suiteRound(suite) };
  }
  const { targets, dropped } = readBox(box);
  const question = { probe, more, targets };
  const isEmpty = targets.length === 0 && needsTarget(probe);
  return {
    read: { ...draft, box: targets.join("\n"), dropped: dropped || draft.dropped },
    hash: hashOf(question),
    round: isEmpty ? undefined : roundOf(question),
  };
}

export function usePage() {
  const asking = useAsking();
  const { key, greet, take } = asking;
  const rounds = roundsOf(asking);
  const [view, setView] = useState<View>("Check");
  const [opened, setOpened] = useState<Report | undefined>(undefined);
  const [draft, setDraft] = useState<Draft>({ box: "", probe: "check", more: "", dropped: false });
  /** Shows reports that were opened; without one, what was asked here. */
  const open = ([report, ...more]: readonly Report[]) => {
    setOpened(more.length === 0 ? report : undefined);
    setView("Check");
    if (report === undefined) return;
    // The link was to what was asked before.
    window.history.replaceState(null, "", location.pathname);
    if (more.length === 0) return;
    asking.runs.show("Opened reports", [report, ...more]);
    asking.setOrigin("Check");
  };
  /** Reads the box, shows what it was read as, and asks that. Whether there was anything to ask. */
  const run = (asked: Draft, withKey = key): boolean => {
    const drafted = readDraft(asked);
    setDraft(drafted.read);
    if (drafted.round === undefined && drafted.written === undefined) return false;
    open([]);
    rounds.runDraft(drafted, withKey);
    return true;
  };
  /** Reads what stands behind the `#`: at the start, and whenever a link is opened here. */
  const arrive = () => {
    const { key: given, suite, targets, ...rest } = readHash(hashBeforeSignIn() || location.hash);
    if (given !== undefined) {
      take(given, true);
      const hash = suite === undefined ? hashOf({ ...rest, targets }) : hashOfSuite(suite);
      window.history.replaceState(null, "", location.pathname + hash);
    }
    const withKey = given ?? key;
    if (suite !== undefined) {
      setView("Suites");
      return rounds.runSuite(suite, withKey);
    }
    if (rest.probe === "outbound") {
      setView("Outbound");
      return rounds.runOutbound(rest.more, withKey);
    }
    const linked = { ...rest, box: targets.join("\n"), dropped: false };
    if (!run(linked, withKey)) void greet(withKey);
  };
  const here = { view, setView, opened, open, draft, setDraft };
  return { ...asking, ...rounds, ...here, run, arrive };
}

/** The Functions host asks for a key without a word; a sign-in is asked for by Sonde, in a problem. */
export function needsKey(answer: Answer | undefined): boolean {
  if (answer === undefined || !("trouble" in answer)) return false;
  return answer.trouble.status === 401 && answer.trouble.problem === undefined;
}
