import * as z from "zod";
import type { FactSheet } from "../stage.ts";

const facts = z.object({
  entry: z.int().describe("The last entry of the script that was begun, from 1"),
  entries: z.int().describe("How many it has"),
  heard: z.int().describe("Octets that came"),
  sent: z.int().describe("Octets that were sent"),
});

/** Of scrapes alone: no report shows it, so it has nothing to say and is not listed with the others. */
export const scriptSheet = {
  name: "script",
  proves: "the conversation goes as its script says",
  facts,
  lines: [],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"script", typeof facts>;
