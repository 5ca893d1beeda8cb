/** A suite asked over HTTP: from the request to one answer, with a line of audit for it and for each check. */
import { sheets } from "../facts/index.ts";
import type { Arrival } from "../here.ts";
import type { Report } from "../report.ts";
import { runSuite } from "../suite/schedule.ts";
import { logLine } from "../surfaces/safe.ts";
import { tooMany } from "./ask.ts";
import { audit, factsOf, type Log } from "./audit.ts";
import { readAsked, type Asked } from "./asked.ts";
import type { Edge } from "./edge.ts";
import { fitSuite } from "./fit.ts";
import { refuseCrossSite, refuseEntry } from "./gate.ts";
import { headerOf, type Answer, type Request } from "./http.ts";
import type { Refused } from "./problem.ts";
import { show } from "./show.ts";
import { decodeSmoke, type Smoke } from "./suite.ts";

/** Answers a suite. Rejects only for a bug of ours. */
export function answerSmoke(request: Request, edge: Edge, log: Log): Promise<Answer> {
  return answerAsked(request, edge, log, () => readAsked(request, edge));
}

/** The same for whoever reads the suite out of something else, and has more to say of what it does not show. */
export async function answerAsked(
  request: Request,
  edge: Edge,
  log: Log,
  reading: () => Promise<Asked | Refused>,
  notProved: readonly string[] = [],
): Promise<Answer> {
  const about = { event: "probe", probe: "smoke" };
  const { caller, note, refuse } = audit(about, request, edge, log);
  const closed = refuseEntry(edge, request) ?? refuseCrossSite(request);
  if (closed !== undefined) return refuse(closed);
  const asked = await reading();
  if ("problem" in asked) return refuse(asked.problem);
  const accept = headerOf(request, "accept");
  const decoded = decodeSmoke(asked.pairs, asked.source, edge.environment, accept);
  if ("problem" in decoded) return refuse(decoded.problem);
  const smoke = { ...decoded, notProved: [...decoded.notProved, ...notProved] };
  const { method, url, headers } = request;
  const outcome = await askSmoke(smoke, edge, { method, url, headers }, caller);
  if ("problem" in outcome) return refuse(outcome.problem);
  const { report } = outcome;
  const { id: run, verdict, checks = [] } = report;
  edge.meters.run("smoke", verdict, report.timing);
  const status = report.ok ? 200 : smoke.fail;
  for (const check of checks)
    log(logLine({ event: "check", suite: run, caller, ...factsOf(check) }));
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
  smoke: Smoke,
  edge: Edge,
  arrival: Arrival,
  caller: string,
): Promise<{ readonly report: Report } | Refused> {
  const atOnce = Math.min(AT_ONCE, smoke.checks.length, edge.settings.limits.perCaller);
  const entry = edge.quotas.enter(caller, "heavy", atOnce);
  if (!("leave" in entry)) return { problem: tooMany(entry) };
  try {
    const here = edge.hereFor(arrival);
    const { deployment, seen, waitMs } = smoke;
    const pace = { atOnce, waitMs };
    if (deployment === undefined) return { report: fitSuite(await runSuite(smoke, here, pace)) };
    const first = await runSuite({ ...smoke, checks: [deployment] }, here, pace);
    // Another version answers, or one that was asked: its checks would tell nothing.
    const isOther = first.checks?.[0]?.expected.some((one) => one.key === "version" && !one.ok);
    const isKnown = seen.includes(here.vantage.instance ?? "unknown");
    if (isOther === true || isKnown) return { report: first };
    const whole = { ...smoke, checks: [deployment, ...smoke.checks] };
    return { report: fitSuite(await runSuite(whole, here, pace)) };
  } finally {
    entry.leave();
  }
}
