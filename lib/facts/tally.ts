import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { atMost, gauge, line } from "./read.ts";

const facts = z.object({
  sent: z.int().describe("Attempts that were made"),
  answered: z.int(),
  lossPercent: z.number().describe("Attempts without a connection, of all"),
  firstMs: z.number().optional().describe("The first attempt, which may pay for a cold path"),
  minMs: z.number().optional().describe("Of the attempts that were answered, like all below"),
  avgMs: z.number().optional(),
  medianMs: z.number().optional(),
  p95Ms: z.number().optional(),
  maxMs: z.number().optional(),
  jitterMs: z.number().optional().describe("Mean difference between neighbours (RFC 3393)"),
});

export const tallySheet = {
  name: "tally",
  proves: "repeated attempts were counted",
  facts,
  headline: line(
    facts,
    "Tally",
    ["answered", "sent", "medianMs"],
    (seen) => `${seen.answered} of ${seen.sent} connected, median ${seen.medianMs} ms`,
  ),
  lines: [
    line(
      facts,
      "Attempts",
      ["sent", "answered", "lossPercent"],
      (seen) => `${seen.answered} of ${seen.sent} connected, ${seen.lossPercent} % lost`,
    ),
    line(
      facts,
      "Times",
      ["minMs", "avgMs", "medianMs", "p95Ms", "maxMs", "jitterMs"],
      (seen) =>
        `min ${seen.minMs}, avg ${seen.avgMs}, median ${seen.medianMs}, p95 ${seen.p95Ms}, ` +
        `max ${seen.maxMs}, jitter ${seen.jitterMs} ms`,
    ),
    line(facts, "First", ["firstMs"], ({ firstMs }) => `${firstMs} ms`),
  ],
  gauges: [
    gauge(
      facts,
      "sonde_tally_loss_ratio",
      "Attempts without a connection, of all",
      ["lossPercent"],
      (seen) => seen.lossPercent / 100,
    ),
  ],
  expect: {
    lossPercent: atMost(facts, "lossPercent", "Percent of attempts that may fail"),
    medianMs: atMost(facts, "medianMs", "Milliseconds that the median attempt may take"),
    p95Ms: atMost(facts, "p95Ms", "Milliseconds that 95 of 100 attempts may take"),
  },
} as const satisfies FactSheet<"tally", typeof facts>;
