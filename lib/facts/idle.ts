import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

/** What became of what was sent. */
const outcomes = {
  answered: "it was answered",
  acknowledged: "it arrived: the other side's system acknowledged it",
  closed: "it arrived: the server closed the connection in good order",
  unknown: "nothing came back, and this host does not show whether it arrived",
  unacknowledged: "nobody acknowledged it",
  reset: "it was answered with a reset",
} as const;

export const outcome = z
  .enum(["answered", "acknowledged", "closed", "unknown", "unacknowledged", "reset"])
  .describe(
    Object.entries(outcomes)
      .map(([name, meaning]) => `\`${name}\`: ${meaning}`)
      .join("; "),
  );

const facts = z.object({
  silentMs: z.number().describe("How long the connection was open before anything was sent"),
  heard: z.int().describe("Octets that the server said meanwhile: it was not quite idle then"),
  sent: z.int().describe("Octets that were sent then: an empty line"),
  outcome,
  afterMs: z.number().describe("From sending to that"),
});

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** A silence that was asked for is longer: this one is the connection that others are compared with. */
const isAtOnce = (silentMs: number) => silentMs < 500;

export const idleSheet = {
  name: "idle",
  proves: "a connection that was silent for a while still carries what is sent",
  facts,
  headline: line(facts, "Idle", ["silentMs", "outcome"], ({ silentMs, outcome: found }) =>
    isAtOnce(silentMs)
      ? `sent at once, ${outcomes[found]}`
      : `after ${seconds(silentMs)} of silence ${outcomes[found]}`,
  ),
  lines: [
    line(facts, "Silent for", ["silentMs", "heard"], ({ silentMs, heard }) => {
      if (isAtOnce(silentMs)) return undefined;
      return heard === 0
        ? seconds(silentMs)
        : `${seconds(silentMs)}, but for ${heard} octets it said`;
    }),
    line(
      facts,
      "Then sent",
      ["sent", "outcome", "afterMs"],
      (seen) => `an empty line; ${outcomes[seen.outcome]} (${seen.afterMs} ms)`,
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"idle", typeof facts>;
