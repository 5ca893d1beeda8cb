import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { atLeast, line, oneOf } from "./read.ts";

const facts = z.object({
  version: z.string().describe("Sonde's own version"),
  seen: z
    .array(z.string())
    .describe("The instances that have answered: those named before, and this one"),
  instances: z.int().describe("How many they are"),
});

export const deploymentSheet = {
  name: "deployment",
  proves: "this instance of the deployment answers",
  facts,
  lines: [
    line(facts, "Answering", ["seen"], ({ seen }) =>
      seen.length < 2 ? undefined : `${seen.length} instances so far: ${seen.join(", ")}`,
    ),
  ],
  gauges: [],
  expect: {
    version: oneOf(facts, "version", "Sonde's own version"),
    instances: atLeast(facts, "instances", "How many instances have answered, with those in seen="),
  },
} as const satisfies FactSheet<"deployment", typeof facts>;
