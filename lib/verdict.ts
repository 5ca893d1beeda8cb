/** What it comes down to: one verdict, one line, what was proved and what was not. Pure. */
import { isAnswer } from "./expect.ts";
import { isRecord, knows } from "./facts/read.ts";
import type { Leaf } from "./leaves.ts";
import type { About, AnyProbe } from "./probe.ts";
import { placeOf } from "./protocols/authority.ts";
import type { Expected, Finding, Report, Step, Verdict } from "./report.ts";

export interface Evidence {
  readonly probe: AnyProbe;
  readonly about: About;
  readonly leaves: readonly Leaf[];
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
  readonly expected: readonly Expected[];
  /** Codes that are no trouble: the caller expected them, or a finding says why they must be. */
  readonly settled: ReadonlySet<string>;
}

type Judged = Pick<Report, "ok" | "verdict" | "summary" | "findings" | "proved" | "notProved">;

export function judge(evidence: Evidence): Judged {
  const stayedClosed = evidence.expected.some(isClosed);
  // What must stay closed and did is no trouble: its findings only explain how it was seen.
  const isSettled = ({ code }: Finding) => stayedClosed || evidence.settled.has(code);
  const findings = [
    ...evidence.findings.filter((one) => !isSettled(one)),
    ...evidence.findings.filter(isSettled).map(asInformation),
  ];
  const verdict = verdictOf({ ...evidence, findings }, stayedClosed);
  return {
    ok: verdict !== "fail" && verdict !== "error",
    verdict,
    summary: `${verdict.toUpperCase()} ${causeOf({ ...evidence, findings }, verdict)}`,
    findings,
    ...proofOf(evidence, verdict),
  };
}

function isClosed({ key, wanted, ok }: Expected): boolean {
  return key === "reachable" && wanted === "false" && ok;
}

function asInformation(finding: Finding): Finding {
  return { ...finding, severity: "info" };
}

function verdictOf(evidence: Evidence, stayedClosed: boolean): Verdict {
  const { leaves, findings, expected, settled } = evidence;
  if (expected.some((one) => !one.ok)) return "fail";
  if (stayedClosed) return "pass";
  const stops = leaves.flatMap(({ stopped }) => (stopped === undefined ? [] : [stopped.code]));
  const isOpen = stops.some((code) => !settled.has(code));
  // A no that was demanded in so many words is what was to be proved.
  if (isOpen && stops.length === leaves.length) return verdictOfNo(stops);
  const worst = findings[0]?.severity ?? "info";
  return worst === "info" && isOpen ? "warn" : verdictBySeverity[worst];
}

/** Of a run whose branches all ended in a no. */
function verdictOfNo(stops: readonly string[]): Verdict {
  if (stops.every((code) => code === "sonde.untestable")) return "skip";
  // Refused by the policy or out of time: nothing was measured, so nothing is said of the network.
  return stops.some((code) => isAnswer(code) || ledAstray.includes(code)) ? "fail" : "error";
}

/** A server was asked and answered; where it points to is what is refused. */
const ledAstray: readonly string[] = ["policy.redirect", "policy.route"];

const verdictBySeverity = { fail: "fail", warn: "warn", info: "pass" } as const;

/** How what passed did so, in a few words. */
function achieved(evidence: Evidence): string {
  const [leading] = evidence.findings;
  const isShut = leading !== undefined && evidence.expected.some(isClosed);
  return isShut ? `stays closed: ${leading.evidence}` : headlineOf(evidence);
}

/** Subject and cause: `tcp.timeout sql://orders.example:1433 no answer within 5.0 s`. */
function causeOf(evidence: Evidence, verdict: Verdict): string {
  const { about, findings, expected } = evidence;
  const { target } = about;
  const subject = target === undefined ? "" : subjectOf(target);
  const broken = expected.find((one) => !one.ok);
  const [leading] = findings;
  if (verdict === "pass") return `${subject} ${achieved(evidence)}`.trim();
  if (broken !== undefined && (leading === undefined || leading.severity !== "fail")) {
    const found = `wanted ${broken.wanted}, found ${broken.actual}`;
    return [`expect.${broken.key}`, subject, found].filter(Boolean).join(" ");
  }
  if (leading === undefined) return subject;
  return [leading.code, subject, leading.evidence].filter(Boolean).join(" ");
}

function subjectOf({ input, scheme, host, port }: NonNullable<About["target"]>): string {
  return port === undefined ? input : `${scheme}://${placeOf({ host, port })}`;
}

/** The facts of the furthest stage, in a few words. */
function headlineOf({ leaves, probe }: Evidence): string {
  const best = leaves.find((leaf) => leaf.stopped === undefined) ?? leaves[0];
  const facts: Readonly<Record<string, unknown>> = best?.facts ?? {};
  for (const { name, headline } of probe.stages.toReversed()) {
    const known = facts[name];
    if (headline === undefined || !isRecord(known) || !knows(known, headline.needs)) continue;
    const said = headline.say(known);
    if (said !== undefined) return typeof said === "string" ? said : said.join(", ");
  }
  return "";
}

/** A stage is proved when it passed on any branch, and not proved when no branch got through it. */
function proofOf({ probe, steps, about }: Evidence, verdict: Verdict) {
  const passed = new Set(steps.filter((one) => one.verdict === "pass").map((one) => one.name));
  const planned = new Set(steps.map((one) => one.name));
  const proved = probe.stages.filter((stage) => passed.has(stage.name));
  const missed = probe.stages.filter((stage) => planned.has(stage.name) && !passed.has(stage.name));
  return {
    proved: proved.map((stage) => stage.proves),
    notProved: [
      ...missed.map((stage) => `that ${stage.proves}`),
      ...(verdict === "fail" || verdict === "error" ? [] : about.notProved),
    ],
  };
}
