/** A decoded question, asked here: within the quotas, and with a refusal told apart from an answer. */
import type { Arrival } from "../here.ts";
import { branchesIn, forks, type Branch, type Report, type Stopped } from "../report.ts";
import { run, type Question } from "../run.ts";
import type { Edge } from "./edge.ts";
import { policyProblem, type Problem, type Refused } from "./problem.ts";

export type Outcome =
  | {
      readonly report: Report;
      /** Set when the policy refused everything: the report then holds nothing that was measured. */
      readonly refusal: Problem | undefined;
    }
  | Refused;

/** Runs the question. Gives a problem when there are too many under way; rejects only for a bug. */
export async function ask(
  question: Question,
  edge: Edge,
  arrival: Arrival,
  caller: string,
): Promise<Outcome> {
  const entry = edge.quotas.enter(caller, question.probe.cost);
  if (!("leave" in entry)) return { problem: tooMany(entry) };
  try {
    const report = await run(question, edge.hereFor(arrival, caller));
    return { report, refusal: refusalOf(report) };
  } finally {
    entry.leave();
  }
}

/** The problem of whoever was not let in. */
export function tooMany({ retryAfter, because }: { retryAfter: number; because: string }): Problem {
  const detail = `the limit is reached: ${because}`;
  return { status: 429, code: "sonde.busy", title: "Too many requests", detail, retryAfter };
}

/** A target that was refused before anything was sent is the caller's news, not the network's. */
function refusalOf(report: Report): Problem | undefined {
  if (report.verdict !== "error") return undefined;
  const stops = stopsIn(report.result);
  const [first] = stops;
  if (first === undefined || !stops.every((one) => one.code.startsWith("policy.")))
    return undefined;
  const problem = policyProblem(first);
  return { ...problem, more: { ...problem.more, run: report.id } };
}

function stopsIn(branch: Branch): Stopped[] {
  const below = forks.flatMap((fork) => branchesIn(branch, fork).flatMap(stopsIn));
  return branch.stopped === undefined ? below : [branch.stopped, ...below];
}
