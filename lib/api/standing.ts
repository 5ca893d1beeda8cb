/** What a suite demands of the deployment that answers it, beside its checks. */
import * as z from "zod";
import * as field from "../fields.ts";
import { vantage } from "../probes/vantage.ts";
import type { Check } from "../suite/schedule.ts";
import { decodePairs, type Pair } from "./decode.ts";

export const standing = {
  expectVersion: z
    .string()
    .max(200)
    .regex(/[^\s,]/, "a version is needed")
    .optional()
    .describe("The version of Sonde that must answer: after a deployment or a swap"),
  instances: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "How many instances must have been asked, by this request and those that `seen` tells of",
    ),
  seen: field.seen,
};

interface Demanded {
  readonly expectVersion: string | undefined;
  readonly instances: number | undefined;
  readonly seen: readonly string[];
}

/** As a check like any other, so that every format shows it; nothing where nothing is demanded. */
export function deploymentCheck({ expectVersion, instances, seen }: Demanded): Check | undefined {
  const demands: Pair[] = [
    ...(expectVersion === undefined ? [] : [["expect.version", expectVersion] as const]),
    ...(instances === undefined ? [] : [["expect.instances", instances] as const]),
  ];
  if (demands.length === 0) return undefined;
  const decoded = decodePairs(vantage, [["seen", seen.join(",")], ...demands]);
  if ("problem" in decoded) throw new Error(decoded.problem.detail);
  const { question } = decoded;
  const usual = { level: "fail", retries: 0, intervalMs: 0, tags: undefined } as const;
  // This instance will say the same of itself, however often it is asked.
  return { ...usual, name: "the deployment that answers", question, once: true };
}
