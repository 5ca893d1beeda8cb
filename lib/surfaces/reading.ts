/**
 * A report as sentences, before any surface lays them out: what the facts say by their sheets, and
 * where it was measured. Nothing here is escaped yet; that is the surface's own duty.
 */
import { isRecord, knows } from "../facts/read.ts";
import type { Branch, ForkName, Report, Stopped, Vantage } from "../report.ts";
import type { AnySheet, Known } from "../stage.ts";

/** One label and what stands beside it, a line each. */
export interface Reading {
  readonly label: string;
  readonly said: readonly string[];
}

/** What one stage learned. */
interface Block {
  readonly stage: string;
  readonly readings: readonly Reading[];
}

/** One branch of the result. */
export interface Section {
  /** `address 10.20.1.5, attempt 2`; empty for what comes before any fork. */
  readonly where: string;
  readonly blocks: readonly Block[];
  readonly stopped: Stopped | undefined;
}

/** One branch of each fork, in a word. */
const nouns: Readonly<Record<ForkName, string>> = {
  addresses: "address",
  servers: "server",
  hops: "hop",
  samples: "sample",
  versions: "version",
  attempts: "attempt",
  controls: "control",
  names: "name",
};

/** The branches that have something to say, parents before children. */
export function sections(result: Branch, sheets: readonly AnySheet[]): readonly Section[] {
  return walk(result, "", new Map(sheets.map((sheet) => [sheet.name, sheet])));
}

function walk(
  branch: Branch,
  where: string,
  sheets: ReadonlyMap<string, AnySheet>,
  fork?: string,
): Section[] {
  const { stopped } = branch;
  const flat = [...sheets.values()].filter((sheet) => fork !== undefined && sheet.flat === fork);
  const blocks = [
    ...flat.map((sheet) => ({ stage: sheet.name, readings: read(sheet, branch) })),
    ...Object.entries(branch).flatMap(([stage, facts]) => {
      const sheet = sheets.get(stage);
      return sheet === undefined || !isRecord(facts)
        ? []
        : [{ stage, readings: read(sheet, facts) }];
    }),
  ].filter(({ readings }) => readings.length > 0);
  const own = blocks.length === 0 && stopped === undefined ? [] : [{ where, blocks, stopped }];
  const below = Object.entries(nouns).flatMap(([name, noun]) =>
    branchesIn(branch, name).flatMap((one) => {
      const here = `${noun} ${one.on ?? ""}`.trimEnd();
      return walk(one, where === "" ? here : `${where}, ${here}`, sheets, name);
    }),
  );
  return [...own, ...below];
}

/** Lines whose facts are not all known stay silent. */
function read(sheet: AnySheet, facts: Known): Reading[] {
  return sheet.lines.flatMap((line) => {
    const said = (knows(facts, line.needs) ? line.say(facts) : undefined) ?? [];
    const lines = typeof said === "string" ? [said] : said;
    return lines.length === 0 ? [] : [{ label: line.label, said: lines }];
  });
}

function branchesIn(branch: Branch, fork: string): readonly Branch[] {
  const found = branch[fork];
  return Array.isArray(found) ? found : [];
}

const bases: Readonly<Record<Vantage["represents"]["basis"], string>> = {
  "same-site": "same site",
  "same-plan-subnet": "same plan and subnet",
  "same-environment": "same environment",
  "same-subnet": "same subnet",
  unknown: "unknown",
};

/** Where the report was measured, and for whom that place can speak. */
export function vantageOf({ vantage }: Report): string {
  const { app, plan, platform, region, instance, privateIp } = vantage;
  const place = [
    app === "local" ? "this computer" : `app ${app} on ${plan ?? platform}`,
    region,
    instance === undefined ? undefined : `instance ${instance}`,
    privateIp,
  ].filter((part) => part !== undefined);
  return [`measured from ${place.join(", ")}`, ...standing(vantage)].join("; ");
}

function standing({ app, represents }: Vantage): readonly string[] {
  const { basis, differs, unknown } = represents;
  if (app === represents.app) return ["stands for itself"];
  // Nobody said whom it stands for, so there is nothing to compare.
  if (represents.app === "unknown") return app === "local" ? [] : ["stands for an unknown app"];
  const claim =
    basis === "unknown"
      ? `how far this stands for ${represents.app} is unknown`
      : `stands for ${represents.app} (${bases[basis]})`;
  const doubts = [
    ...(differs.length > 0 ? [`differs: ${differs.join(", ")}`] : []),
    ...(unknown.length > 0 ? [`unknown: ${unknown.join(", ")}`] : []),
  ];
  return [claim, ...doubts];
}

/** What was not shown although the answer is good: nothing when it is not, the findings say it. */
export function notProvedOf({ ok, notProved }: Report): string | undefined {
  return ok && notProved.length > 0 ? notProved.join("; ") : undefined;
}

/** A warning about the figures themselves. */
export function doubtOf({ timing }: Report): string | undefined {
  if (timing.quality === "good") return undefined;
  const { loopDelayMs, inFlight } = timing;
  const others = inFlight > 1 ? `, with ${inFlight} stages in flight` : "";
  return `degraded: the event loop was ${loopDelayMs} ms late${others}`;
}

/** Expectations, the broken ones first. */
export function expectationsOf({ expected }: Report): Report["expected"] {
  return expected.toSorted((a, b) => Number(a.ok) - Number(b.ok));
}

/** The evidence of a finding and where it was seen. */
export function evidenceOf({ evidence, on }: Report["findings"][number]): string {
  const branches = [...new Set(on)];
  return branches.length === 0 ? evidence : `${evidence} (${branches.join(", ")})`;
}

const restsOn = {
  documents: "known from documents, not seen in a lab",
  unverified: "nobody could check it yet",
} as const;

/** Whose move it is, how sure that is, and what a conclusion rests on that no lab has shown. */
export function blameOf({ blame, confidence, basis }: Report["findings"][number]): string {
  const said = `${blame}, ${confidence}`;
  return basis === undefined ? said : `${said}; ${restsOn[basis]}`;
}

/** A check's line in its suite: the summary without the verdict that has its own column. */
export function causeOf(check: Report): string {
  const { summary, verdict, name, target, probe, flaky, tries, was } = check;
  const word = `${verdict.toUpperCase()} `;
  const cause = summary.startsWith(word) ? summary.slice(word.length) : summary;
  const failed = (tries ?? 1) < 2 ? "" : ` (tried ${tries} times)`;
  const again = flaky === true ? ` (flaky: held at try ${tries})` : failed;
  const before = was === undefined ? "" : ` (was ${was})`;
  // What has a target begins with it; of what has none the probe says what it is about.
  const called = name ?? (target === undefined ? probe : undefined);
  return `${called === undefined ? "" : `${called}: `}${cause}${again}${before}`;
}

/** What a check is called: the same every time, so that a pipeline knows it again. */
export function calledOf({ name, target, probe }: Report): string {
  return name ?? target?.input ?? probe;
}

/** The checks that need reading, with their place in the suite. */
export function troubles(checks: readonly Report[]): readonly (readonly [number, Report])[] {
  return checks
    .map((check, index) => [index + 1, check] as const)
    .filter(([, { verdict }]) => verdict !== "pass" && verdict !== "skip");
}

/** Which run this was, for whoever looks for it in the logs. */
export function runOf({ id, at, ms, vantage }: Report): string {
  return `${id} at ${at}, ${ms} ms, Sonde ${vantage.version}`;
}
