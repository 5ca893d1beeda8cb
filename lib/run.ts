/** One run of one probe: from a decoded question to a report. */
import { randomUUID } from "node:crypto";
import { roundMs, startClock } from "./clock.ts";
import { holdAgainst, settledBy, type Demands } from "./expect.ts";
import { conclude, settledIn } from "./findings/conclude.ts";
import { temper } from "./findings/temper.ts";
import type { Here } from "./here.ts";
import { isAnswering, leavesOf } from "./leaves.ts";
import type { AnyProbe } from "./probe.ts";
import type { Report, Step, Timing } from "./report.ts";
import { follow, type Trail } from "./trail.ts";
import { judge } from "./verdict.ts";

/** A question that was decoded by the probe's own schema, and what is demanded of the answer. */
export interface Question {
  readonly probe: AnyProbe;
  readonly asked: Readonly<Record<string, unknown>>;
  readonly demands: Demands;
}

/** How long one run may take in all, unless its probe needs more: it answers well before the platform's 230 s. */
const RUN_MS = 60_000;

const PATIENCE_MS = 5000;

/**
 * Resolves with a report whatever the network says; rejects only for a bug. `mostMs` is what is left of a
 * longer whole.
 */
export async function run(
  question: Question,
  here: Here,
  mostMs = Number.POSITIVE_INFINITY,
): Promise<Report> {
  const { probe, asked, demands } = question;
  if (probe.ready !== undefined) await probe.ready(asked);
  const at = new Date().toISOString();
  const said = asked["timeoutMs"];
  const patienceMs = typeof said === "number" ? said : (probe.patienceMs?.(asked) ?? PATIENCE_MS);
  const budgetMs = Math.min(Math.max(RUN_MS, probe.budgetMs?.(asked) ?? 0), mostMs);
  const walk = (trail: Trail) => probe.run(asked, trail, demands);
  const { timing, ms, ...walked } = await travel(walk, here, { patienceMs, budgetMs });
  const { vantage, environment } = here;
  const { about, judged, expected } = concludedOf(question, walked, { vantage, at, environment });
  return {
    schema: 1,
    id: randomUUID(),
    ...judged,
    findings: temper(judged.findings, vantage.represents),
    probe: probe.name,
    ...(about.target === undefined ? {} : { target: about.target }),
    ...walked,
    expected,
    vantage,
    timing,
    reproduce: [...about.reproduce],
    at,
    ms,
  };
}

/** What a walk comes down to, held against what is demanded; without a place there are no commands for it. */
export function concludedOf(
  { probe, asked, demands }: Question,
  { result, steps }: Pick<Travelled, "result" | "steps">,
  place?: Parameters<typeof conclude>[1],
) {
  const all = leavesOf(result);
  const leaves = all.filter(isAnswering);
  const about = probe.about(asked, result);
  const expected = holdAgainst(demands, leaves);
  const findings = conclude(all, place);
  const settled = new Set([...settledBy(demands, expected), ...settledIn(findings, leaves)]);
  const judged = judge({ probe, about, leaves, steps, findings, expected, settled });
  return { about, judged, expected };
}

/** Where a walk led, without a word of what that means. */
export interface Travelled {
  /** What was learned. */
  readonly result: Readonly<Record<string, unknown>>;
  readonly steps: Step[];
  readonly timing: Timing;
  readonly ms: number;
}

export interface Patience {
  /** How long one stage may wait for the network. */
  readonly patienceMs: number;
  /** How long all of them may take together. */
  readonly budgetMs: number;
}

/** Walks, for whoever makes something else of it than a report. Rejects only for a bug. */
export async function travel(
  walk: (trail: Trail) => Promise<unknown>,
  here: Here,
  { patienceMs, budgetMs }: Patience,
): Promise<Travelled> {
  const clock = startClock();
  const steps: Step[] = [];
  const result: Record<string, unknown> = {};
  try {
    await follow({ here, clock, patienceMs, steps }, result, budgetMs, walk);
  } finally {
    clock.stop();
  }
  return { result, steps, ms: roundMs(clock.now()), timing: clock.stop() };
}
