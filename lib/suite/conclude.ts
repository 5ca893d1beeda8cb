/** What a suite comes down to. Pure: saved reports are put together as fresh ones are. */
import { randomUUID } from "node:crypto";
import { concludeAcross } from "../findings/across.ts";
import { leavesOf } from "../leaves.ts";
import { placeOf } from "../protocols/authority.ts";
import type { Finding, Report, Verdict } from "../report.ts";
import type { Item } from "./read.ts";

type Marks = Pick<Item, "name" | "level" | "tags">;

/** The report of a check as its suite shows it. One that is only to be told of cannot be worse than a warning. */
export function marked(report: Report, { name, level, tags }: Marks, tries: number): Report {
  const told = level === "warn" && !report.ok;
  return {
    ...report,
    ...(told ? { ok: true, verdict: "warn" as const } : {}),
    ...(told ? { summary: report.summary.replace(/^[A-Z]+/, "WARN") } : {}),
    ...(name === undefined ? {} : { name }),
    ...(level === "warn" ? { level } : {}),
    ...(tags === undefined ? {} : { tags }),
    ...(tries > 1 ? { tries, flaky: report.ok } : {}),
  };
}

type About = Pick<Report, "at" | "ms" | "timing" | "vantage" | "name"> &
  Partial<Pick<Report, "notProved">>;

/** The report of a suite. `checks` are in the order of the suite, at least one. */
export function conclude(checks: readonly Report[], about: About): Report {
  const { name, at, ms, timing, vantage, notProved = [] } = about;
  const verdict = worstOf(checks);
  return {
    schema: 1,
    id: randomUUID(),
    ok: verdict !== "fail" && verdict !== "error",
    verdict,
    summary: summaryOf(verdict, name, counted(checks)),
    probe: "smoke",
    steps: [],
    result: {},
    findings: across(checks),
    expected: [],
    proved: [],
    notProved: [...notProved],
    reproduce: [],
    at,
    ms,
    timing,
    vantage,
    ...(name === undefined ? {} : { name }),
    checks: [...checks],
  };
}

/** Saved reports may come from several places, and only what one place saw hangs together. */
function across(checks: readonly Report[]): Finding[] {
  const places = Map.groupBy(checks, ({ vantage: { app, region, privateIp } }) =>
    [app, region, privateIp].join(" "),
  );
  return [...places.values()].flatMap((together) =>
    concludeAcross(
      together.map(({ probe, target, result }) => ({
        place: target === undefined ? probe : named(target),
        leaves: leavesOf(result),
      })),
    ),
  );
}

const named = ({ host, port }: NonNullable<Report["target"]>) =>
  port === undefined ? host : placeOf({ host, port });

/** `FAIL orders: 1 of 3 checks failed, …`. */
export function summaryOf(verdict: Verdict, name: string | undefined, said: string): string {
  return `${verdict.toUpperCase()} ${name === undefined ? "" : `${name}: `}${said}`;
}

const order: readonly Verdict[] = ["fail", "error", "warn", "pass"];

/** Skips decide nothing, unless there is nothing else. */
function worstOf(checks: readonly Report[]): Verdict {
  return order.find((verdict) => checks.some((one) => one.verdict === verdict)) ?? "skip";
}

/** Failed, and its suite does not: a check that passed with a warning has no finding that fails it. */
function isOnlyTold({ level, verdict, findings, expected }: Report): boolean {
  const failed =
    findings.some(({ severity }) => severity === "fail") || expected.some(({ ok }) => !ok);
  return level === "warn" && verdict === "warn" && failed;
}

function counted(checks: readonly Report[]): string {
  const failed = checks.filter((one) => !one.ok);
  const [first] = failed;
  const flaky = checks.filter((one) => one.flaky === true).length;
  const told = checks.filter(isOnlyTold).length;
  const warned = checks.filter((one) => one.verdict === "warn").length - told;
  const more = [
    ...(told === 0 ? [] : [`, ${told} failed at level warn`]),
    ...(flaky === 0 ? [] : [`, ${flaky} of them only after another try`]),
    ...(warned === 0 ? [] : [`, ${warned} with a warning`]),
  ].join("");
  const held = checks.length - told;
  if (first === undefined) return `${held} of ${checks.length} checks hold${more}`;
  const place = checks.indexOf(first) + 1;
  const why = first.summary.replace(/^[A-Z]+ /, "");
  const called = first.name === undefined ? why : `${first.name}: ${why}`;
  return `${failed.length} of ${checks.length} checks failed, first ${place}: ${called}`;
}
