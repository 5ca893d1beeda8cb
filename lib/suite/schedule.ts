/**
 * Asks the checks of a suite: few at a time, in order, and those that fail again as often as they may.
 * Each round starts only when the one before has ended, so that a check that hangs never keeps others
 * from being asked for the first time.
 */
import { setTimeout as pause } from "node:timers/promises";
import { startClock, type Clock } from "../clock.ts";
import { few } from "../few.ts";
import type { Here } from "../here.ts";
import type { Report } from "../report.ts";
import { run, type Question } from "../run.ts";
import { conclude, marked } from "./conclude.ts";
import type { Item } from "./read.ts";

export interface Check extends Pick<Item, "name" | "level" | "retries" | "intervalMs" | "tags"> {
  readonly question: Question;
  /** Asking again would give the same. */
  readonly once?: boolean;
}

/** A suite that was understood as a whole. */
export interface Asked {
  readonly name: string | undefined;
  /** What even a pass of all checks does not establish. */
  readonly notProved: readonly string[];
  readonly checks: readonly Check[];
}

export interface Pace {
  /** How many checks are under way at a time. */
  readonly atOnce: number;
  /** Checks that fail are asked again until then, however often; 0 for no longer than their retries. */
  readonly waitMs: number;
}

/** All of it, so that the answer comes before the platform hangs up at 230 s, and before 200 s. */
const SUITE_MS = 190_000;

interface Turn {
  readonly check: Check;
  readonly index: number;
  tries: number;
  /** When it may be asked again, in ms since the start. */
  dueMs: number;
  /** Of the last try. */
  refused: boolean;
  held: boolean;
}

/** Resolves with a report that has one for each check, whatever the network says. */
export async function runSuite(
  { name, notProved, checks }: Asked,
  here: Here,
  pace: Pace,
): Promise<Report> {
  const at = new Date().toISOString();
  const clock = startClock();
  const reports: Report[] = [];
  const turns = checks.map((check, index): Turn => ({
    check,
    index,
    tries: 0,
    dueMs: 0,
    refused: false,
    held: false,
  }));
  try {
    for (let round = turns; round.length > 0; round = again(turns, clock, pace)) {
      await sleepUntil(Math.min(...round.map((turn) => turn.dueMs)), clock);
      await few(round, pace.atOnce, async (turn) => {
        const { check, index } = turn;
        turn.tries += 1;
        const leftMs = Math.max(0, SUITE_MS - clock.now());
        const report = await run(check.question, here, leftMs);
        turn.held = report.ok;
        turn.refused = isRefused(report);
        reports[index] = marked(report, check, turn.tries);
        turn.dueMs = clock.now() + check.intervalMs;
      });
    }
  } finally {
    clock.stop();
  }
  const inFlight = Math.max(0, ...reports.map((report) => report.timing.inFlight));
  const timing = { ...clock.stop(), inFlight };
  return conclude(reports, {
    name,
    notProved: [...notProved],
    at,
    ms: Math.round(clock.now()),
    timing,
    vantage: here.vantage,
  });
}

/** The turns of the next round. */
function again(turns: readonly Turn[], clock: Clock, { waitMs }: Pace): Turn[] {
  const now = clock.now();
  return turns.filter(({ check, tries, dueMs, held, refused }) => {
    const start = Math.max(now, dueMs);
    const may = start < waitMs || tries <= check.retries;
    return !held && !refused && check.once !== true && start < SUITE_MS && may;
  });
}

/** The policy will say the same next time. */
function isRefused({ findings }: Report): boolean {
  return findings[0]?.code.startsWith("policy.") === true;
}

async function sleepUntil(dueMs: number, clock: Clock): Promise<void> {
  const leftMs = dueMs - clock.now();
  if (leftMs > 0) await pause(leftMs);
}
