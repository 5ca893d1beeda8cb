/**
 * A report in the text format of Prometheus, version 0.0.4: the gauges of its sheets, under the names
 * that dashboards of the blackbox exporter know.
 */
import { isRecord, knows } from "../facts/read.ts";
import type { Branch, Report } from "../report.ts";
import type { AnySheet } from "../stage.ts";
import type { Surface } from "./index.ts";
import { contentType, headOf, labelled, type Labels } from "./exposition.ts";

interface Sample {
  readonly name: string;
  readonly help: string;
  readonly labels: Labels;
  readonly value: number;
}

export const prometheus: Surface = {
  name: "prometheus",
  contentType,
  write(report, sheets) {
    const { checks } = report;
    const own = ofRun(report, {});
    const samples =
      checks === undefined
        ? [...own, ...ofFacts(report, sheets, {})]
        : [...own, ...checks.flatMap((check, index) => ofCheck(check, index + 1, sheets))];
    const families = Map.groupBy(samples, ({ name }) => name);
    return [...families].map(([name, family]) => written(name, family)).join("");
  },
};

/** Labels that tell the checks of a suite apart; two of them may have the same target. */
function ofCheck(check: Report, number: number, sheets: readonly AnySheet[]): Sample[] {
  const { name, target, probe } = check;
  const labels = { check: name ?? `${number}`, number: `${number}`, probe };
  const all = { ...labels, target: target?.input ?? "" };
  return [...ofRun(check, all), ...ofFacts(check, sheets, all)];
}

function ofRun({ ok, verdict, ms, findings }: Report, labels: Labels): Sample[] {
  const [leading] = findings;
  const code = verdict === "pass" ? undefined : leading?.code;
  const about = [
    ["probe_success", "Whether the probe succeeded", Number(ok)],
    ["probe_duration_seconds", "How long the probe took", Number((ms / 1000).toFixed(6))],
  ] as const;
  const samples = about.map(([name, help, value]): Sample => ({ name, help, labels, value }));
  if (code === undefined) return samples;
  const help = "The finding that leads, by its code";
  return [...samples, { name: "sonde_finding_info", help, labels: { ...labels, code }, value: 1 }];
}

/** Every gauge of every branch. The label `on` tells branches apart, where there are several. */
function ofFacts(report: Report, sheets: readonly AnySheet[], labels: Labels): Sample[] {
  const found = ofBranch(report.result, [], new Map(sheets.map((one) => [one.name, one])));
  const counts = Map.groupBy(found, ({ name }) => name);
  return found.flatMap(({ on, ...sample }) => {
    const several = (counts.get(sample.name)?.length ?? 0) > 1;
    return [{ ...sample, labels: several ? { ...labels, on } : labels }];
  });
}

interface Found extends Omit<Sample, "labels"> {
  readonly on: string;
}

function ofBranch(
  branch: Branch,
  above: readonly string[],
  sheets: ReadonlyMap<string, AnySheet>,
): Found[] {
  const on = above.join(" ");
  const own = Object.entries(branch).flatMap(([stage, facts]) =>
    (isRecord(facts) ? (sheets.get(stage)?.gauges ?? []) : []).flatMap((gauge): Found[] => {
      const { name, help, needs } = gauge;
      const value = isRecord(facts) && knows(facts, needs) ? gauge.value(facts) : undefined;
      return value === undefined ? [] : [{ name, help, on, value }];
    }),
  );
  // Facts are records; a list is a fork, whatever it is called.
  const lists = Object.values(branch).filter((value): value is Branch[] => Array.isArray(value));
  const below = lists.flatMap((branches) =>
    branches.flatMap((one, index) => ofBranch(one, [...above, one.on ?? `${index + 1}`], sheets)),
  );
  return [...own, ...below];
}

/** One family: a series may stand in it once, so the first of equals is the one that is told. */
function written(name: string, family: readonly Sample[]): string {
  const [first] = family;
  const series = new Map(
    family.toReversed().map(({ labels, value }) => [`${name}${labelled(labels)}`, value]),
  );
  const lines = [...series].toReversed().map(([key, value]) => `${key} ${value}`);
  return `${headOf(name, first?.help ?? name)}${lines.join("\n")}\n`;
}
