/** A report in the Test Anything Protocol, version 14 (https://testanything.org/tap-version-14-specification.html). */
import type { Report } from "../report.ts";
import type { Surface } from "./index.ts";
import * as reading from "./reading.ts";
import { ci, json } from "./safe.ts";

export const tap: Surface = {
  name: "tap",
  contentType: "text/plain; charset=utf-8",
  write(report) {
    const checks = report.checks ?? [report];
    const points = checks.flatMap((check, index) => point(check, index + 1));
    return `${["TAP version 14", `1..${checks.length}`, ...points].join("\n")}\n`;
  },
};

function point(check: Report, number: number): string[] {
  const { ok, verdict } = check;
  const skip = verdict === "skip" ? " # SKIP" : "";
  return [
    `${ok ? "ok" : "not ok"} ${number} - ${description(reading.calledOf(check))}${skip}`,
    ...(verdict === "pass" || verdict === "skip" ? [] : diagnostics(check)),
  ];
}

/** A hash sign would begin a directive. */
function description(text: string): string {
  return ci(text).replace(/[\\#]/g, String.raw`\$&`);
}

/** A block of YAML; strings of JSON are strings of YAML too. */
function diagnostics({ summary, verdict, findings, ms }: Report): string[] {
  const [leading] = findings;
  const rows = Object.entries({
    message: summary,
    severity: verdict,
    code: leading?.code,
    why: leading?.why,
    next: leading?.next,
    durationMs: ms,
  });
  const lines = rows.flatMap(([key, value]) =>
    value === undefined ? [] : [`  ${key}: ${json(value)}`],
  );
  return ["  ---", ...lines, "  ..."];
}
