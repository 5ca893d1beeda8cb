/** A report to paste into a ticket or a build summary. */
import type { Finding, Report, Step } from "../report.ts";
import type { AnySheet } from "../stage.ts";
import type { Surface } from "./index.ts";
import { placesOf } from "./places.ts";
import * as reading from "./reading.ts";
import { codeSpan, fenced, markdown as safe } from "./safe.ts";

/** Lines that belong together; a blank line separates blocks. */
type Block = readonly string[];

export const markdown: Surface = {
  name: "markdown",
  contentType: "text/markdown; charset=utf-8",
  write(report, sheets) {
    const checks = report.checks ?? [];
    const blocks = [
      [`## ${safe(report.summary)}`],
      places(report),
      ...notProved(report),
      checks.length === 0 ? [] : overview(checks),
      ...body(report, sheets),
      ...reading
        .troubles(checks)
        .flatMap(([place, check]) => [
          [`## ${place}. ${safe(check.summary)}`],
          ...notProved(check),
          ...body(check, sheets),
        ]),
      ...closing(report),
    ];
    const said = blocks.filter((lines) => lines.length > 0);
    return `${said.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  },
};

/** Several are a list, because lines of one paragraph run into each other. */
function places(report: Report): Block {
  const [only = "", ...more] = placesOf(report);
  return more.length === 0 ? [safe(only)] : [only, ...more].map((one) => `- ${safe(one)}`);
}

function notProved(report: Report): readonly Block[] {
  const open = reading.notProvedOf(report);
  return open === undefined ? [] : [[`**Not proved:** ${safe(open)}`]];
}

function overview(checks: readonly Report[]): Block {
  return [
    "| # | verdict | ms | check |",
    "| ---: | --- | ---: | --- |",
    ...checks.map(
      (check, index) =>
        `| ${index + 1} | ${mark(check.verdict)} | ${check.ms} | ${safe(reading.causeOf(check))} |`,
    ),
  ];
}

function body(report: Report, sheets: readonly AnySheet[]): readonly Block[] {
  return [
    expectations(report),
    steps(report.steps),
    ...report.findings.flatMap(finding),
    ...reading.sections(report.result, sheets).flatMap(facts),
  ];
}

function expectations(report: Report): Block {
  const expected = reading.expectationsOf(report);
  if (expected.length === 0) return [];
  return [
    "| expected | | wanted | found | on |",
    "| --- | --- | --- | --- | --- |",
    ...expected.map(
      ({ key, ok, wanted, actual, on }) =>
        `| ${codeSpan(key)} | ${mark(ok ? "pass" : "fail")} | ${safe(wanted)} | ${safe(actual)} | ${safe(on ?? "")} |`,
    ),
  ];
}

function steps(taken: readonly Step[]): Block {
  if (taken.length === 0) return [];
  return [
    "| step | on | verdict | ms | code |",
    "| --- | --- | --- | ---: | --- |",
    ...taken.map(
      ({ name, on, verdict, ms, code }) =>
        `| ${safe(name)} | ${safe(on ?? "")} | ${mark(verdict)} | ${ms ?? ""} | ${codeSpan(code ?? "")} |`,
    ),
  ];
}

function finding(found: Finding): readonly Block[] {
  const { code, severity, title, why, rivals, next, commands, docs } = found;
  return [
    [`### ${mark(severity)} ${codeSpan(code)}: ${safe(title)}`],
    [safe(why)],
    [
      `- **Evidence:** ${safe(reading.evidenceOf(found))}`,
      `- **Blame:** ${safe(reading.blameOf(found))}`,
      ...rivals.map((rival) => `- **Or else:** ${safe(rival)}`),
      ...(docs === undefined ? [] : [`- **Docs:** ${safe(docs)}`]),
    ],
    next.length === 0 ? [] : ["**Next**", "", ...next.map((one, at) => `${at + 1}. ${safe(one)}`)],
    commands.length === 0 ? [] : fenced(commands),
  ];
}

function facts({ where, blocks, stopped }: reading.Section): readonly Block[] {
  return [
    [`### ${where === "" ? "Facts" : safe(where)}`],
    ...blocks.map(({ stage, readings }) => [`**${safe(stage)}**`, "", ...readings.flatMap(fact)]),
    stopped === undefined
      ? []
      : [`Stopped at ${safe(stopped.stage)}: ${codeSpan(stopped.code)}, ${safe(stopped.message)}`],
  ];
}

/** Several sentences under one label are a list of their own. */
function fact({ label, said }: reading.Reading): Block {
  const [only = "", ...more] = said;
  return more.length === 0
    ? [`- ${safe(label)}: ${safe(only)}`.trimEnd()]
    : [`- ${safe(label)}:`, ...said.map((one) => `  - ${safe(one)}`.trimEnd())];
}

function closing(report: Report): readonly Block[] {
  const doubt = reading.doubtOf(report);
  return [
    report.reproduce.length === 0 ? [] : ["**Repeat**", "", ...fenced(report.reproduce)],
    doubt === undefined ? [] : [`**Timing** ${safe(doubt)}`],
    [`Run ${safe(reading.runOf(report))}`],
  ];
}

/** What is wrong stands out. */
function mark(verdict: string): string {
  const good = ["pass", "skip", "info"].includes(verdict);
  return good ? verdict : `**${safe(verdict.toUpperCase())}**`;
}
