/** A suite asked over HTTP: from the request to one answer, with a line of audit for it and for each check. */
import { sheets } from "../facts/index.ts";
import type { Arrival } from "../here.ts";
import type { Report } from "../report.ts";
import { parseLines } from "../suite/read.ts";
import { runSuite } from "../suite/schedule.ts";
import { logLine } from "../surfaces/safe.ts";
import { parseYaml, type Source } from "../yaml.ts";
import { auditOf, type Log } from "./answer.ts";
import { tooMany } from "./ask.ts";
import { isFromGate, pairsOf, readText } from "./body.ts";
import type { Pair, Refused } from "./decode.ts";
import type { Edge } from "./edge.ts";
import { fitSuite } from "./fit.ts";
import { callerOf, refuseCrossSite, refuseEntry } from "./gate.ts";
import { headerOf, type Answer, type Request } from "./http.ts";
import { problemAnswer, type Problem } from "./problem.ts";
import { show } from "./show.ts";
import { decodeSmoke, problemOf, type Smoke } from "./suite.ts";

/** Answers a suite. Rejects only for a bug of ours. */
export async function answerSmoke(request: Request, edge: Edge, log: Log): Promise<Answer> {
  const start = performance.now();
  const caller = callerOf(edge, request);
  const note = (status: number, facts: Parameters<typeof logLine>[0]) => {
    const ms = Math.round(performance.now() - start);
    log(logLine({ event: "probe", probe: "smoke", caller, status, ms, ...facts }));
  };
  const refuse = (problem: Problem) => {
    edge.meters.refused(problem.code);
    note(problem.status, { code: problem.code });
    return problemAnswer(problem);
  };
  const closed = refuseEntry(edge, request) ?? refuseCrossSite(request);
  if (closed !== undefined) return refuse(closed);
  const asked = await readAsked(request);
  if ("problem" in asked) return refuse(asked.problem);
  const query: readonly Pair[] = [...new URL(request.url).searchParams];
  const accept = headerOf(request, "accept");
  const smoke = decodeSmoke([...query, ...asked.pairs], asked.source, accept);
  if ("problem" in smoke) return refuse(smoke.problem);
  const { method, url, headers } = request;
  const outcome = await askSmoke(smoke, edge, { method, url, headers }, caller);
  if ("problem" in outcome) return refuse(outcome.problem);
  const { report } = outcome;
  const { id: run, verdict, checks = [] } = report;
  edge.meters.run("smoke", verdict, report.timing);
  const status = report.ok ? 200 : smoke.fail;
  for (const check of checks)
    log(logLine({ event: "check", suite: run, caller, ...auditOf(check) }));
  note(status, {
    run,
    verdict,
    checks: checks.length,
    failed: checks.filter((one) => !one.ok).length,
  });
  return show(report, status, smoke.surface, smoke.surface.write(report, sheets));
}

/** Checks of one suite that are under way at a time: fewer than a caller may have, so that others get in. */
const AT_ONCE = 6;

/** Runs the suite, which counts as one probe: its length bounds it. Rejects only for a bug. */
export async function askSmoke(
  { name, checks, deployment, seen, waitMs }: Smoke,
  edge: Edge,
  arrival: Arrival,
  caller: string,
): Promise<{ readonly report: Report } | Refused> {
  const atOnce = Math.min(AT_ONCE, checks.length, edge.settings.limits.perCaller);
  const entry = edge.quotas.enter(caller, "heavy", atOnce);
  if (!("leave" in entry)) return { problem: tooMany(entry) };
  try {
    const here = edge.hereFor(arrival);
    const pace = { atOnce, waitMs };
    if (deployment === undefined)
      return { report: fitSuite(await runSuite(name, checks, here, pace)) };
    const first = await runSuite(name, [deployment], here, pace);
    // Another version answers, or one that was asked: its checks would tell nothing.
    const isOther = first.checks?.[0]?.expected.some((one) => one.key === "version" && !one.ok);
    const isKnown = seen.includes(here.vantage.instance ?? "unknown");
    if (isOther === true || isKnown) return { report: first };
    return { report: fitSuite(await runSuite(name, [deployment, ...checks], here, pace)) };
  } finally {
    entry.leave();
  }
}

interface Asked {
  readonly pairs: readonly Pair[];
  readonly source: Source | undefined;
}

const json = ["application/json"];
const yaml = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];
const types = [...json, ...yaml, "text/plain"];

/** A suite in the body; or, as JSON, what a query would say. */
async function readAsked(request: Request): Promise<Asked | Refused> {
  if (request.method !== "POST") return { pairs: [], source: undefined };
  const body = await readText(request, types);
  if ("problem" in body) return body;
  const { text, type } = body;
  if (text === "") return { pairs: [], source: undefined };
  if (type === "text/plain") return { pairs: [], source: parseLines(text) };
  const source = await parseYaml(text);
  if ("wrong" in source) return { problem: problemOf(source) };
  const { value } = source;
  return isQuery(value) ? { pairs: pairsOf(value), source: undefined } : { pairs: [], source };
}

/** No suite of its own: its targets stand where a query would have them, or in the query itself. */
function isQuery(value: unknown): value is object {
  if (typeof value !== "object" || value === null || "checks" in value) return false;
  return "target" in value || isFromGate(value);
}
