/**
 * A report for a person at a terminal: verdict first, then from where, when, what, and why. At most
 * 100 columns, no colours, and of our own words only ASCII: a Windows console may still have a
 * legacy code page.
 */
import type { Finding, Report, Step } from "../report.ts";
import type { AnySheet } from "../stage.ts";
import { glances } from "./glances.ts";
import type { Surface } from "./index.ts";
import { labelled, table, wrap, wrapCommand } from "./layout.ts";
import { placesOf } from "./places.ts";
import * as reading from "./reading.ts";
import { ci, clip } from "./safe.ts";

/** Lines that belong together; a blank line separates paragraphs. */
type Paragraph = readonly string[];

export const text: Surface = {
  name: "text",
  contentType: "text/plain; charset=utf-8",
  write(report, sheets) {
    const checks = report.checks ?? [];
    const paragraphs = [
      opening(report, "", placesOf(report)),
      checks.length === 0 ? [] : overview(checks),
      ...body(report, sheets),
      ...reading
        .troubles(checks)
        .flatMap(([place, check]) => [
          opening(check, `[${place}/${checks.length}] `, []),
          ...body(check, sheets),
        ]),
      closing(report),
    ];
    const said = paragraphs.filter((lines) => lines.length > 0);
    return `${said.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  },
};

function opening(report: Report, lead: string, more: readonly string[]): Paragraph {
  const open = reading.notProvedOf(report);
  return [
    ...wrap(lead, ci(report.summary), lead.length + 2),
    ...more.flatMap((line) => wrap("", ci(line), 2)),
    ...(open === undefined ? [] : wrap("Not proved: ", ci(open))),
  ];
}

function overview(checks: readonly Report[]): Paragraph {
  const rows = checks.map((check, index) => [
    `${index + 1}`,
    verdictWord(check.verdict),
    milliseconds(check.ms),
    ci(reading.causeOf(check)),
  ]);
  return table(rows, 0, 2);
}

function body(report: Report, sheets: readonly AnySheet[]): readonly Paragraph[] {
  return [
    expectations(report),
    steps(report.steps, glances(report, sheets)),
    ...reading.sections(report.result, sheets).map(facts),
    ...report.findings.map(finding),
  ];
}

function expectations(report: Report): Paragraph {
  return table(
    reading
      .expectationsOf(report)
      .map(({ ok, key, wanted, actual, on }) => [
        verdictWord(ok ? "pass" : "fail"),
        clip(ci(`expect.${key}`), 32),
        ci(`wanted ${wanted}, found ${actual}${on === undefined ? "" : ` (${on})`}`),
      ]),
  );
}

/** Subjects are shortened here to keep the columns; the facts below name them in full. */
function steps(taken: readonly Step[], glance: ReturnType<typeof glances>): Paragraph {
  const rows = taken.map(({ name, on, verdict, ms, code }) => [
    clip(ci(name), 16),
    clip(ci(on ?? ""), 40),
    verdictWord(verdict),
    milliseconds(ms),
    ci(code ?? glance(name, on)),
  ]);
  return table(rows, 3);
}

function facts({ where, blocks, stopped }: reading.Section): Paragraph {
  const indent = where === "" ? 0 : 2;
  const entries = blocks.map(({ stage, readings }) => ({
    stage,
    lines: readings.map(({ label, said }) => [clip(ci(label), 20), said.map(ci)] as const),
  }));
  const labels = entries.flatMap(({ lines }) => lines.map(([label]) => label.length));
  const width = Math.max(0, ...labels);
  const end =
    stopped === undefined
      ? []
      : wrap(
          " ".repeat(indent),
          ci(`stopped at ${stopped.stage}: ${stopped.code}, ${stopped.message}`),
        );
  return [
    ...(where === "" ? [] : wrap("", ci(where))),
    ...entries.flatMap(({ stage, lines }) => [
      ...wrap(" ".repeat(indent), ci(stage)),
      ...labelled(indent + 2, width, lines),
    ]),
    ...end,
  ];
}

function finding(found: Finding): Paragraph {
  const { code, title, why, rivals, next, commands, docs } = found;
  const numbered = next.length > 1;
  const width = "Evidence".length;
  return [
    ...wrap("", ci(`${verdictWord(found.severity)} ${code}: ${title}`)),
    ...labelled(2, width, [
      ["Why", [ci(why)]],
      ["Evidence", [ci(reading.evidenceOf(found))]],
      ["Blame", [ci(reading.blameOf(found))]],
      ["Or else", rivals.map(ci)],
      ["Next", next.map((one, index) => ci(numbered ? `${index + 1}. ${one}` : one))],
    ]),
    ...labelled(2, width, [["Run", commands.map(ci)]], wrapCommand),
    ...labelled(2, width, docs === undefined ? [] : [["Docs", [ci(docs)]]]),
  ];
}

function closing(report: Report): Paragraph {
  const doubt = reading.doubtOf(report);
  const width = "Timing".length;
  return [
    ...labelled(0, width, [["Repeat", report.reproduce.map(ci)]], wrapCommand),
    ...labelled(0, width, doubt === undefined ? [] : [["Timing", [ci(doubt)]]]),
    ...labelled(0, width, [["Run", [ci(reading.runOf(report))]]]),
  ];
}

/** What is wrong stands out without colours. */
function verdictWord(verdict: string): string {
  const good = ["pass", "skip", "info"].includes(verdict);
  return good ? verdict : ci(verdict).toUpperCase();
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${ms.toFixed(1)} ms`;
}
