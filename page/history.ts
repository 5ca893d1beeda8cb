/** The last verdicts, kept in this browser and nowhere else: without headers, bodies or queries. */
import type { Report } from "../lib/report.ts";
import type { Answer } from "./api.ts";
import { isKnown, list, parse } from "./known.ts";
import { withoutSecrets } from "./link.ts";
import { isReport } from "./shape.ts";
import { keep, kept } from "./storage.ts";

const NAME = "sonde.history";
const OFF = "sonde.history.off";
const MOST = 50;

/** Parts of a result that may hold what belongs to somebody: never kept. */
const unkept = new Set(["headers", "body", "forwarded", "clientCertificate", "location", "url"]);

export function readHistory(): readonly Report[] {
  return list(parse(kept("localStorage", NAME))).filter(isReport);
}

/** Puts the reports among some answers in front, the last one first, and gives back what is kept now. */
export function remember(answers: readonly Answer[]): readonly Report[] {
  const reports = answers.flatMap((answer) => ("report" in answer ? answer.report : []));
  if (isOff() || reports.length === 0) return readHistory();
  const all = [...reports.map(pruned).toReversed(), ...readHistory()].slice(0, MOST);
  write(all);
  return all;
}

export function forget(): readonly Report[] {
  keep("localStorage", NAME, "");
  return [];
}

export function isOff(): boolean {
  return kept("localStorage", OFF) === "1";
}

export function switchHistory(off: boolean): readonly Report[] {
  keep("localStorage", OFF, off ? "1" : "");
  return off ? forget() : readHistory();
}

function pruned(report: Report): Report {
  const { target } = report;
  const result = prune(report.result);
  return {
    ...report,
    result: isKnown(result) ? result : {},
    ...(target === undefined ? {} : { target: { ...target, input: withoutSecrets(target.input) } }),
  };
}

function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (!isKnown(value)) return value;
  const rest = Object.entries(value).filter(([name]) => !unkept.has(name));
  return Object.fromEntries(rest.map(([name, one]) => [name, prune(one)]));
}

/** Full storage holds fewer; storage that is switched off holds none. */
function write(reports: readonly Report[]): void {
  for (let most = reports.length; most > 0; most = Math.floor(most / 2)) {
    if (keep("localStorage", NAME, JSON.stringify(reports.slice(0, most)))) return;
  }
}
