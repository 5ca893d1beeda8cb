/** Saved reports in another format, together, or beside an older one: nothing is measured again. */
import * as z from "zod";
import { sheets } from "../facts/index.ts";
import type { Report } from "../report.ts";
import { compare } from "../suite/compare.ts";
import { conclude } from "../suite/conclude.ts";
import { audit, type Log } from "./audit.ts";
import { readText } from "./body.ts";
import { readPairs } from "./decode.ts";
import type { Edge } from "./edge.ts";
import { refuseCrossSite, refuseEntry } from "./gate.ts";
import { headerOf, queryOf, type Answer, type Request } from "./http.ts";
import { badInput, type Refused } from "./problem.ts";
import { parseSaved, readReport } from "./saved.ts";
import { show } from "./show.ts";
import { fail, statusOf } from "./suite.ts";

const MOST = 8 * 1024 * 1024;
const MOST_REPORTS = 50;
const LONGEST_NAME = 200;

export const render = { input: z.strictObject({ fail }), stages: [], example: "format=junit" };

/** Answers with the reports of the body. Rejects only for a bug of ours. */
export async function answerRender(request: Request, edge: Edge, log: Log): Promise<Answer> {
  const { note, refuse } = audit({ event: "render" }, request, edge, log);
  const closed = refuseEntry(edge, request) ?? refuseCrossSite(request);
  if (closed !== undefined) return refuse(closed);
  const pairs = [...queryOf(request)];
  const read = readPairs(render, pairs, headerOf(request, "accept"));
  if ("problem" in read) return refuse(read.problem);
  const body = await readText(request, ["application/json"], MOST);
  if ("problem" in body) return refuse(body.problem);
  const parsed = parseSaved(body.text);
  const report = "problem" in parsed ? parsed : reportOf(parsed.value);
  if ("problem" in report) return refuse(report.problem);
  const { surface, asked } = read;
  const status = isCompared(report) && !report.ok ? statusOf(asked.fail) : 200;
  note(status, { verdict: report.verdict });
  return show(report, status, surface, surface.write(report, sheets));
}

/** Converting is a 200 whatever the reports say; being worse than before is not. */
function isCompared({ probe }: Report): boolean {
  return probe === "compare";
}

const several = z.strictObject({
  reports: z.array(z.unknown()).max(MOST_REPORTS),
  baseline: z.unknown().optional(),
});

/** A report, a list of them, or `{ reports, baseline }`. */
function reportOf(value: unknown): Report | Refused {
  const whole = several.safeParse(Array.isArray(value) ? { reports: value } : value);
  const isSeveral = Array.isArray(value) || isRecord(value, "reports");
  if (!isSeveral) return readReport(value, "body");
  if (!whole.success) {
    const detail = `a body of several is {"reports": […], "baseline": …}, at most ${MOST_REPORTS} of them`;
    return { problem: badInput("reports", detail) };
  }
  const { reports, baseline } = whole.data;
  const now = together(reports);
  if ("problem" in now || baseline === undefined) return now;
  const before = readReport(baseline, "baseline");
  return "problem" in before ? before : { ...compare(now, before), probe: "compare" };
}

function isRecord(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && name in value;
}

/** One report with the checks of all; one alone stays what it is. */
function together(values: readonly unknown[]): Report | Refused {
  const reports: Report[] = [];
  for (const [index, value] of values.entries()) {
    const report = readReport(value, `reports.${index}`);
    if ("problem" in report) return report;
    reports.push(report);
  }
  const [first, ...rest] = reports;
  if (first === undefined) return { problem: badInput("reports", "a report is needed") };
  if (rest.length === 0) return first;
  const checks = reports.flatMap((report) => report.checks ?? [report]);
  const ms = Math.max(...reports.map((report) => report.ms));
  // Of several suites none speaks for all; a check keeps what is its own.
  const suites = reports.filter((report) => report.checks !== undefined);
  const names = distinct(suites.flatMap(({ name }) => name ?? []));
  const name = names.length === 0 ? undefined : names.join(", ").slice(0, LONGEST_NAME);
  const notProved = distinct(suites.flatMap((report) => report.notProved));
  return conclude(checks, { ...first, name, notProved, ms });
}

const distinct = (texts: readonly string[]) => [...new Set(texts)];
