/** From a suite and its parameters to what is asked. */
import * as z from "zod";
import type { Environment } from "../here.ts";
import { probes } from "../probes/index.ts";
import { manner } from "../suite/document.ts";
import { ofTargets, readSuite } from "../suite/read.ts";
import type { Asked, Check } from "../suite/schedule.ts";
import type { Surface } from "../surfaces/index.ts";
import type { Source } from "../yaml.ts";
import { byNameFields } from "./by-name.ts";
import { checksOf, problemOf } from "./checks.ts";
import { readDuration } from "./duration.ts";
import { readPairs, type Pair } from "./decode.ts";
import { badInput, type Refused } from "./problem.ts";
import { deploymentCheck, standing } from "./standing.ts";

const fails = ["424", "500", "502", "503", "504", "0"] as const;

export const fail = z
  .enum(fails)
  .default("424")
  .describe("The status when a check fails; 0 is 200");

const input = manner.extend({
  ...byNameFields,
  target: z
    .array(z.string())
    .max(200)
    .optional()
    .describe("Each must be reachable; instead of a body"),
  name: z.string().max(200).optional().describe("What reports call the suite"),
  wait: z
    .string()
    .transform(readDuration)
    .optional()
    .describe("Ask what fails again until all holds, at most so long: 30s, 2m or seconds"),
  fail,
  ...standing,
});

const [check] = probes; // the probe of a target that names none

/** What a suite is asked with, beside its own text. */
export const smoke = {
  name: "smoke",
  summary: "Asks every check of a suite and says in one status whether all of them hold.",
  input,
  stages: check?.stages ?? [],
  example: "target=http://127.0.0.1:7071/api/health",
};

/** A suite that was understood as a whole. */
export interface Smoke extends Asked {
  readonly waitMs: number;
  /** What is demanded of the deployment that answers, if anything is: comes before all checks. */
  readonly deployment: Check | undefined;
  /** Instances that were asked before: their checks are not asked again. */
  readonly seen: readonly string[];
  /** The status when a check fails. */
  readonly fail: number;
  readonly surface: Surface;
}

/** `source` is absent where the targets stand in the pairs. */
export function decodeSmoke(
  pairs: readonly Pair[],
  source: Source | undefined,
  environment: Environment,
  accept?: string,
): Smoke | Refused {
  const read = readPairs(smoke, pairs, accept);
  if ("problem" in read) return read;
  const {
    target,
    name,
    wait,
    fail: said,
    expectVersion,
    instances,
    seen,
    suite: by,
    token: _,
    ...defaults
  } = read.asked;
  if (seen.length > 0 && instances === undefined) {
    return { problem: badInput("seen", "seen is what instances= counts on from: give both") };
  }
  const demanded = pairs.filter(([key]) => key.startsWith("expect."));
  const written = sourceOf(source, target, demanded, by);
  if ("problem" in written) return written;
  const suite = readSuite(written, defaults);
  if ("wrong" in suite) return { problem: problemOf(suite) };
  const checks = checksOf(suite.items, demanded, written, environment);
  if ("problem" in checks) return checks;
  return {
    name: name ?? suite.name,
    notProved: suite.notProved,
    checks,
    deployment: deploymentCheck({ expectVersion, instances, seen }),
    seen,
    waitMs: wait ?? 0,
    fail: statusOf(said),
    surface: read.surface,
  };
}

/** The suite stands in one place: in the body, in the query, or under a name. */
function sourceOf(
  source: Source | undefined,
  targets: readonly string[] | undefined,
  demanded: readonly Pair[],
  by: string | undefined,
): Source | Refused {
  const twice = targets === undefined ? demanded[0]?.[0] : "target";
  if (source === undefined && targets === undefined) {
    const detail = "a suite is needed: in the body, as suite=NAME, or as target=…&target=…";
    return { problem: badInput("target", detail) };
  }
  if (source === undefined || twice === undefined) return source ?? ofTargets(targets ?? []);
  const where = by === undefined ? "in the body" : "by a name";
  const detail = `a suite ${where} says its own targets and expectations`;
  return { problem: badInput(twice, detail) };
}

export function statusOf(said: (typeof fails)[number]): number {
  return said === "0" ? 200 : Number(said);
}
