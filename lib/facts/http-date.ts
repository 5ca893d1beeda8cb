import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  server: z.string().describe("The host that was asked over HTTP instead"),
  date: z.iso.datetime().describe("What it answered in `Date`, to the second"),
  offsetMs: z.number().describe("How far the server's clock is ahead of this host's"),
  errorMs: z
    .number()
    .describe("The offset is right within this: half a second, half the round trip"),
  cached: z.boolean().describe("The answer has an `Age`: its date is that of a cache's copy"),
  problem: z.string().optional().describe("The code of what went wrong instead"),
});

export const httpDateSheet = {
  name: "httpDate",
  proves: "a server tells the time over HTTP, to the second",
  facts,
  lines: [
    line(facts, "HTTP date", ["server", "date", "offsetMs", "errorMs"], (seen) => {
      const offset = `${seen.offsetMs < 0 ? "" : "+"}${seen.offsetMs}`;
      return [
        `${offset} ± ${seen.errorMs} ms: a coarse second opinion`,
        `${seen.date} by ${seen.server}`,
      ];
    }),
    line(facts, "HTTP date", ["server", "problem"], (seen) => `${seen.server}: ${seen.problem}`),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"httpDate", typeof facts>;
