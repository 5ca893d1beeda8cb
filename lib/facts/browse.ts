import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  asked: z.string().describe("The instance that was asked for"),
  port: z.int().optional().describe("Its TCP port; absent when it takes no TCP connections"),
  version: z.string().describe("Of the instance, as SQL Server Browser knows it"),
  server: z.string().describe("The name of the machine, as it calls itself"),
  sent: z.int().describe("How often the question was sent"),
});

export const browseSheet = {
  name: "browse",
  proves: "SQL Server Browser knows the port of the instance",
  facts,
  lines: [
    line(facts, "Instance", ["asked", "port"], (seen) => `${seen.asked} on port ${seen.port}`),
    line(facts, "Machine", ["server", "version"], (seen) => `${seen.server}, ${seen.version}`),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"browse", typeof facts>;
