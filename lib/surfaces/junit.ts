/**
 * A report as JUnit XML, for whatever shows tests: Azure DevOps, GitLab, GitHub actions, Jenkins. There
 * is no standard; elements, attributes and their order are those of the schema that Jenkins publishes.
 */
import type { Report } from "../report.ts";
import type { AnySheet } from "../stage.ts";
import type { Surface } from "./index.ts";
import * as reading from "./reading.ts";
import { xml } from "./safe.ts";
import { text } from "./text.ts";

export const junit: Surface = {
  name: "junit",
  contentType: "application/xml",
  write(report, sheets) {
    const suites = [...byVantage(report).values()].map((checks) => suite(report, checks, sheets));
    return `${['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${attributes(totals(report.name ?? `sonde ${report.probe}`, checksOf(report)))}>`, ...suites.flat(), "</testsuites>"].join("\n")}\n`;
  },
};

function checksOf(report: Report): readonly Report[] {
  return report.checks ?? [report];
}

/** One suite for each place where checks were measured: saved reports may come from several. */
function byVantage(report: Report): Map<string, Report[]> {
  return Map.groupBy(checksOf(report), placeOf);
}

function placeOf({ vantage: { app, region, instance } }: Report): string {
  return [app, region, instance].filter((part) => part !== undefined).join(" ");
}

type Attributes = Readonly<Record<string, string | number>>;

function attributes(values: Attributes): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${xml(String(value))}"`)
    .join(" ");
}

function totals(name: string, checks: readonly Report[]): Attributes {
  const count = (verdict: Report["verdict"]) =>
    checks.filter((check) => check.verdict === verdict).length;
  return {
    name,
    tests: checks.length,
    failures: count("fail"),
    errors: count("error"),
    time: seconds(checks.reduce((sum, { ms }) => sum + ms, 0)),
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function suite(report: Report, checks: readonly Report[], sheets: readonly AnySheet[]): string[] {
  const [first = report] = checks;
  const { vantage, at } = first;
  const place = placeOf(first);
  const name = `${report.name ?? `sonde ${report.probe}`} from ${place}`;
  const skipped = checks.filter(({ verdict }) => verdict === "skip").length;
  const hostname = vantage.instance ?? vantage.app;
  const more = { skipped, timestamp: at.replace(/\.\d+Z$/, ""), hostname };
  const properties = { from: reading.vantageOf(first), version: vantage.version };
  return [
    `  <testsuite ${attributes({ ...totals(name, checks), ...more })}>`,
    "    <properties>",
    ...Object.entries(properties).map(
      ([key, value]) => `      <property ${attributes({ name: key, value })}/>`,
    ),
    "    </properties>",
    ...checks.flatMap((check) => testcase(check, sheets)),
    "  </testsuite>",
  ];
}

function testcase(check: Report, sheets: readonly AnySheet[]): string[] {
  const { target, probe, ms } = check;
  const classname = `sonde.${target?.scheme ?? probe}`;
  const called = reading.calledOf(check);
  const opening = `    <testcase ${attributes({ classname, name: called, time: seconds(ms) })}`;
  const inside = outcome(check, sheets);
  return inside.length === 0 ? [`${opening}/>`] : [`${opening}>`, ...inside, "    </testcase>"];
}

/** What failed on the network is a failure; what Sonde could not or must not do is an error. */
function outcome(check: Report, sheets: readonly AnySheet[]): string[] {
  const { verdict, findings, summary, flaky, tries } = check;
  if (verdict === "skip") return ["      <skipped/>"];
  const again = flaky === true ? [`held at try ${tries}`] : [];
  if (verdict === "pass") return again.map((said) => `      <system-out>${said}</system-out>`);
  const lines = text.write(check, sheets).trimEnd().split("\n").map(xml);
  if (verdict === "warn") return wrapped("system-out", [...again, ...lines]);
  const type = findings[0]?.code ?? "expect";
  const element = verdict === "fail" ? "failure" : "error";
  return wrapped(`${element} ${attributes({ type, message: summary })}`, lines);
}

function wrapped(opening: string, lines: readonly string[]): string[] {
  const [element = ""] = opening.split(" ");
  const [first = "", ...rest] = lines;
  const [last = ""] = rest.splice(-1);
  return [`      <${opening}>${first}`, ...rest, `${last}</${element}>`];
}
