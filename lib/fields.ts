/** Input fields that several probes share, so that a name means the same everywhere. */
import * as z from "zod";
import { parseTarget, type Target, type TargetRules } from "./target.ts";

export const timeoutMs = z
  .int()
  .min(1)
  .max(30_000)
  .default(5000)
  .describe("How long one stage may wait for the network, in milliseconds");

/** A target in the caller's spelling, read into its parts by the rules of the probe. */
export function target(rules: TargetRules, summary: string) {
  return z
    .string()
    .describe(summary)
    .transform((text, check): Target => {
      const parsed = parseTarget(text, rules);
      if (!("wrong" in parsed)) return parsed;
      check.addIssue({ code: "custom", message: parsed.wrong });
      return z.NEVER;
    });
}
