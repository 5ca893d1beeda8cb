import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  calls: z.int().describe("How often the same request was sent, each on its own connection"),
  answered: z.int(),
  values: z
    .array(z.object({ value: z.string(), calls: z.int(), percent: z.number() }))
    .optional()
    .describe("The values of the header that tells who answered, the most frequent first"),
  affinity: z
    .object({
      cookie: z
        .string()
        .optional()
        .describe("The balancer's cookie by name; absent when there was none"),
      moved: z
        .int()
        .describe("Later calls that were given another value, although they sent the first"),
    })
    .optional(),
});

export const shareSheet = {
  name: "share",
  proves: "repeated calls were counted by who answered",
  facts,
  lines: [
    line(
      facts,
      "Calls",
      ["calls", "answered"],
      (seen) => `${seen.answered} of ${seen.calls} answered`,
    ),
    line(facts, "Answered by", ["values"], ({ values }) =>
      values.map(({ value, calls, percent }) => `${value}: ${calls} (${percent} %)`),
    ),
    line(facts, "Affinity", ["affinity"], ({ affinity: { cookie, moved } }) =>
      cookie === undefined ? "no cookie of a balancer was set" : `${cookie}, moved ${moved} times`,
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"share", typeof facts>;
