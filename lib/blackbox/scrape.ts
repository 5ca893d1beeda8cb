/** One scrape of one module: walked like any question, and counted instead of reported. */
import { isAnswer } from "../expect.ts";
import type { Here } from "../here.ts";
import { maskText } from "../ingress/mask.ts";
import type { Outcome } from "../probes/exporter/recipe.ts";
import { branchesIn, forks, type Branch, type Step, type Stopped, type Timing } from "../report.ts";
import { travel } from "../run.ts";
import { ci, clip } from "../surfaces/safe.ts";
import { makeGauges } from "./gauges.ts";
import type { Module } from "./module.ts";
import { shownModule } from "./shown.ts";

export interface Asked {
  readonly target: string;
  readonly hostname: string | undefined;
  readonly timeoutMs: number;
}

export interface Scraped {
  readonly success: boolean;
  /** Why not, when it is no success. */
  readonly failure: Failed | undefined;
  /** The no that nothing was sent after: of the policy, or of an instance that is too busy. */
  readonly refusal: Stopped | undefined;
  readonly timing: Timing;
  metrics(): string;
  /** What `debug=true` shows. */
  debug(): Promise<string>;
}

interface Failed {
  readonly code: string;
  readonly stage: string;
  readonly why: string;
}

/** A stage that takes all of it was silent; one that gets the rest of it was late by our doing. */
const OF_ONE_STAGE = 0.95;

/** Rejects only for a bug. */
export async function scrape(module: Module, asked: Asked, here: Here): Promise<Scraped> {
  const gauges = makeGauges();
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  let outcome: Outcome = "stopped";
  const { timeoutMs } = asked;
  const patience = { patienceMs: timeoutMs * OF_ONE_STAGE, budgetMs: timeoutMs };
  const { result, steps, ms, timing } = await travel(
    async (trail) => {
      outcome = await module.recipe(trail, { ...asked, gauges, say });
    },
    here,
    patience,
  );
  const stopped = stopIn(result);
  const failure = failureOf(outcome, stopped);
  gauges.set("probe_success", failure === undefined ? 1 : 0);
  gauges.set("probe_duration_seconds", ms / 1000);
  gauges.set("probe_timeout_seconds", timeoutMs / 1000);
  if (failure !== undefined) {
    const { code, stage } = failure;
    gauges.set("sonde_failure_info", 1, { code, stage });
  }
  return {
    success: failure === undefined,
    failure,
    refusal: isRefusal(stopped) ? stopped : undefined,
    timing,
    metrics: () => gauges.write(),
    debug: () => debugOf({ module, steps, said, failure, metrics: gauges.write() }),
  };
}

/** The last no: of the trail, or of its last branch. */
function stopIn(branch: Branch): Stopped | undefined {
  if (branch.stopped !== undefined) return branch.stopped;
  for (const fork of forks) {
    const last = branchesIn(branch, fork).at(-1);
    if (last !== undefined) return stopIn(last);
  }
  return undefined;
}

function failureOf(outcome: Outcome, stopped: Stopped | undefined): Failed | undefined {
  if (outcome === undefined) return undefined;
  if (outcome !== "stopped") {
    const { option, why } = outcome;
    return { code: `expect.${option}`, stage: "expect", why };
  }
  if (stopped === undefined) throw new Error("a scrape stopped and nothing says why");
  return { code: stopped.code, stage: stopped.stage, why: stopped.message };
}

/** A redirect that is refused is an answer to whoever asked; so is time that was spent. */
function isRefusal(stopped: Stopped | undefined): boolean {
  const code = stopped?.code ?? "dns.nxdomain";
  return !isAnswer(code) && code !== "policy.redirect" && code !== "sonde.deadline";
}

interface Debugged {
  readonly module: Module;
  readonly steps: readonly Step[];
  readonly said: readonly string[];
  readonly failure: Failed | undefined;
  readonly metrics: string;
}

const LONGEST_LINE = 512;

async function debugOf({ module, steps, said, failure, metrics }: Debugged): Promise<string> {
  const lines = [
    ...steps.map(stepLine),
    ...said,
    failure === undefined ? "succeeded" : `failed: ${failure.code}: ${failure.why}`,
  ].map((line) => clip(ci(maskText(line)), LONGEST_LINE));
  return [
    `Logs for the probe:\n${lines.join("\n")}\n`,
    `Metrics that would have been returned:\n${metrics}`,
    `Module configuration:\n${await shownModule(module.written)}`,
  ].join("\n\n\n");
}

function stepLine({ name, on, verdict, ms, code }: Step): string {
  const parts = [name, on, verdict, ms === undefined ? undefined : `${ms} ms`, code];
  return parts.filter((part) => part !== undefined).join(" ");
}
