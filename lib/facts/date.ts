import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  web: z.string().describe("The web server that was asked"),
  said: z.iso
    .datetime()
    .optional()
    .describe("The `Date` of its answer, which has whole seconds; absent when there is none"),
  offsetMs: z.number().optional().describe("How far its clock is ahead of this host's"),
  errorMs: z
    .number()
    .optional()
    .describe("The offset is right within this: half a second, and half the wait"),
  verified: z
    .boolean()
    .optional()
    .describe("Whether its certificate was good, which this host's clock has a part in"),
  whyNot: z.string().optional().describe("Why it told no time"),
});

export const dateSheet = {
  name: "date",
  proves: "a web server was asked what time it is",
  facts,
  lines: [
    line(facts, "HTTP Date", ["web", "said", "offsetMs", "errorMs"], (seen) => {
      const side = seen.offsetMs < 0 ? "" : "+";
      return `${side}${seen.offsetMs} ± ${seen.errorMs} ms by ${seen.web}: a coarse second opinion`;
    }),
    line(facts, "HTTP Date", ["web", "whyNot"], ({ web, whyNot }) => `none by ${web}: ${whyNot}`),
    line(facts, "Verified", ["verified"], ({ verified }) =>
      verified ? undefined : "no: the certificate of that web server is not good by this clock",
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"date", typeof facts>;
