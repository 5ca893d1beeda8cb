import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  rungs: z
    .array(
      z.object({
        octets: z.int().describe("By how much the request was made larger than an ordinary one"),
        outcome: z.string().describe("`answered`, or the code of what went wrong"),
        ms: z.number(),
      }),
    )
    .describe("From the smallest to the largest, each on a connection of its own"),
  passedOctets: z.int().optional().describe("The largest that was answered"),
  stalledOctets: z
    .int()
    .optional()
    .describe("The smallest that met silence, where every larger one did too"),
});

export const ladderSheet = {
  name: "ladder",
  proves: "requests of several sizes were compared",
  facts,
  headline: line(
    facts,
    "Sizes",
    ["passedOctets"],
    ({ passedOctets }) => `answered with up to ${passedOctets} octets more`,
  ),
  lines: [
    line(facts, "Sizes", ["rungs"], ({ rungs }) =>
      rungs.map(({ octets, outcome, ms }) => `+${octets} octets: ${outcome} (${ms} ms)`),
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"ladder", typeof facts>;
