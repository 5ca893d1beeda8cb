/**
 * What a run leaves, as data. The JSON Schema served to callers and the types used by every surface
 * and by the page are both derived from these schemas. Within `schema: 1` fields are added, never
 * renamed or removed.
 */
import * as z from "zod";
import { represents } from "./facts/represents.ts";

export const verdicts = ["pass", "warn", "fail", "skip", "error"] as const;
export const blames = [
  "network",
  "dns",
  "target",
  "platform",
  "configuration",
  "caller",
  "sonde",
] as const;
export const confidences = ["certain", "likely", "possible"] as const;
export const severities = ["fail", "warn", "info"] as const;
/** What a conclusion may rest on when it was not seen in a lab. */
export const bases = ["documents", "unverified"] as const;

/** The places where a result may branch: one branch per subject, each with its own `on`. */
export const forks = [
  "addresses",
  "servers",
  "hops",
  "samples",
  "versions",
  "attempts",
  "controls",
  "names",
] as const;

export const step = z.object({
  name: z.string().describe("The stage that was taken, or planned and never begun"),
  on: z.string().optional().describe("The subject of the branch: an address, a server, a URL"),
  verdict: z.enum(["pass", "fail", "skip"]),
  startMs: z.number().optional().describe("Since the start of the run; absent when skipped"),
  ms: z.number().optional().describe("How long it took; absent when skipped"),
  code: z.string().optional().describe("Why it failed"),
});

export const stopped = z.object({
  stage: z.string().describe("The stage that said no"),
  code: z.string(),
  message: z.string().describe("What was seen, in one sentence"),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

export const finding = z.object({
  code: z.string(),
  severity: z.enum(severities),
  blame: z.enum(blames).describe("Whose move it is, as far as it can be told from inside"),
  confidence: z.enum(confidences),
  basis: z
    .enum(bases)
    .optional()
    .describe(
      "Absent when the rule was seen at work on servers of a lab: else it rests on documents and recorded answers, or nobody could check it",
    ),
  title: z.string(),
  why: z.string().describe("What this means"),
  evidence: z.string().describe("What was seen that says so"),
  on: z.array(z.string()).describe("The branches it was seen on; empty for the run as a whole"),
  rivals: z.array(z.string()).describe("Other causes that would look the same from here"),
  next: z.array(z.string()).describe("What to look at next"),
  commands: z.array(z.string()),
  docs: z.string().optional(),
});

export const expected = z.object({
  key: z.string(),
  wanted: z.string(),
  actual: z.string().describe("What was measured; `unknown` when the run never learned it"),
  ok: z.boolean(),
  on: z.string().optional(),
});

export const asked = z.object({
  input: z.string(),
  scheme: z.string(),
  host: z.string(),
  port: z.number().optional(),
});

export { represents };

export const vantage = z.object({
  app: z.string().describe("The site or container app that measured, or `local`"),
  platform: z.string(),
  plan: z.string().optional(),
  region: z.string().optional(),
  instance: z.string().optional(),
  privateIp: z
    .string()
    .optional()
    .describe("The address in the integration subnet, if one is shown"),
  routeAll: z
    .boolean()
    .optional()
    .describe("Whether all traffic is sent into the network, where a setting says so"),
  version: z.string().describe("Sonde's own version"),
  banner: z
    .object({ text: z.string(), colour: z.string() })
    .optional()
    .describe("What the page shows above everything: SONDE_BANNER"),
  represents,
});

export const timing = z.object({
  quality: z
    .enum(["good", "degraded"])
    .describe(
      "Degraded when the event loop was late by more than 2 ms or a tenth of the run, or more than 32 stages were under way",
    ),
  loopDelayMs: z.number().describe("How late the event loop was at worst"),
  inFlight: z.number().describe("Stages of this process that were under way at once, at most"),
});

/** Whether a check that fails makes its suite fail, or is only told. */
export const levels = ["fail", "warn"] as const;

const single = z.object({
  schema: z.literal(1),
  id: z.string().describe("Also in the `Sonde-Run` header and in the audit log"),
  ok: z.boolean(),
  verdict: z.enum(verdicts),
  summary: z.string().describe("One line: verdict, code, subject, cause"),
  probe: z.string(),
  target: asked.optional(),
  steps: z.array(step).describe("When things happened, in order of their start"),
  result: z
    .record(z.string(), z.unknown())
    .describe("What was learned: facts under the name of the stage that learned them"),
  findings: z.array(finding).describe("The first one leads"),
  expected: z.array(expected),
  proved: z.array(z.string()),
  notProved: z.array(z.string()),
  vantage,
  timing,
  reproduce: z.array(z.string()),
  at: z.iso.datetime(),
  ms: z.number(),
  name: z.string().optional().describe("What its suite calls this check, or the suite itself"),
  level: z.enum(levels).optional().describe("Of a check: `warn` never makes its suite fail"),
  tags: z.array(z.string()).optional().describe("Of a check, as its suite has them"),
  tries: z.int().optional().describe("How often a check was asked, where once was not enough"),
  was: z.enum(verdicts).optional().describe("The verdict in the report that it is compared with"),
  flaky: z.boolean().optional().describe("A check that failed and then held"),
});

export const report = single.extend({
  checks: z.array(single).optional().describe("A suite's report holds the reports of its checks"),
});

export type Verdict = (typeof verdicts)[number];
export type ForkName = (typeof forks)[number];
export type Step = z.infer<typeof step>;
export type Stopped = z.infer<typeof stopped>;
export type Finding = z.infer<typeof finding>;
export type Expected = z.infer<typeof expected>;
export type Vantage = z.infer<typeof vantage>;
export type Timing = z.infer<typeof timing>;

/**
 * Whether a fork stands beside the question and decides nothing of it: the controls, and those who are asked
 * for a name that was resolved already.
 */
export function isAside(over: ForkName, branch: object): boolean {
  return over === "controls" || (over === "servers" && "resolve" in branch);
}

/** A branch of the result: facts by stage, further branches by fork name, and how it ended. */
export interface Branch {
  readonly [stageOrFork: string]: unknown;
  readonly on?: string;
  readonly stopped?: Stopped;
}

const none: readonly Branch[] = [];

/** The branches of a fork; none where it did not fork. */
export function branchesIn(branch: Branch, fork: ForkName): readonly Branch[] {
  const found = branch[fork];
  return Array.isArray(found) ? found : none;
}

export type Report = Omit<z.infer<typeof report>, "result" | "checks"> & {
  readonly result: Branch;
  readonly checks?: readonly Report[];
};
