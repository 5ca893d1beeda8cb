/** What is different from a report that was saved before. Pure. */
import type { Report, Verdict } from "../report.ts";
import { conclude, summaryOf } from "./conclude.ts";

const ranks: Readonly<Record<Verdict, number>> = { pass: 0, skip: 0, warn: 1, fail: 2, error: 2 };

/**
 * A report of the checks that differ, and no others: it fails when one of them became worse. What was as
 * bad before is only told. A check that is gone is a skip.
 */
export function compare(now: Report, before: Report): Report {
  const old = new Map(keyed(before));
  const fresh = keyed(now);
  const checks = fresh.flatMap(([key, check]) => {
    const was = old.get(key);
    if (was !== undefined && was.verdict === check.verdict && codeOf(was) === codeOf(check))
      return [];
    return [told(check, was)];
  });
  const names = new Set(fresh.map(([key]) => key));
  const gone = [...old].flatMap(([key, was]) => (names.has(key) ? [] : [goneFrom(was)]));
  const report = conclude([...checks, ...gone], now);
  const worse = checks.filter((one) => !one.ok).length;
  const lost = gone.length === 0 ? "" : `, ${gone.length} gone`;
  const verdict = worse > 0 ? "fail" : "pass";
  return {
    ...report,
    ok: worse === 0,
    verdict,
    summary: summaryOf(
      verdict,
      now.name,
      `${worse} of ${fresh.length} checks fail that did not before, ${checks.length} differ${lost}`,
    ),
  };
}

/** Checks by what they ask; the same question twice is told apart by its order. */
function keyed(report: Report): [string, Report][] {
  const seen = new Map<string, number>();
  return (report.checks ?? [report]).map((check) => {
    const { name, probe, target } = check;
    const key = name ?? `${probe} ${target?.input ?? ""}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return [`${key} ${count}`, check];
  });
}

function codeOf({ findings }: Report): string | undefined {
  return findings[0]?.code;
}

function told(check: Report, was: Report | undefined): Report {
  const marked = { ...check, ...(was === undefined ? {} : { was: was.verdict }) };
  const isWorse = ranks[check.verdict] > (was === undefined ? 0 : ranks[was.verdict]);
  if (check.ok || isWorse) return marked;
  return { ...marked, ok: true, verdict: "warn", summary: as("WARN", check) };
}

function goneFrom(was: Report): Report {
  const summary = as("SKIP no longer among the checks:", was);
  return { ...was, ok: true, verdict: "skip", summary, was: was.verdict };
}

function as(word: string, { summary }: Report): string {
  return summary.replace(/^[A-Z]+/, word);
}
