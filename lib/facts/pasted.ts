import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  place: z.string().describe("What was read of it: scheme, host and port"),
  leftOut: z
    .array(z.string())
    .describe("Names of what else it held, as far as they are known ones; no value was kept"),
});

export const pastedSheet = {
  name: "pasted",
  proves: "the connection string names a place",
  facts,
  lines: [
    line(facts, "Read", ["place"], ({ place }) => place),
    line(facts, "Left out", ["leftOut"], ({ leftOut }) =>
      [...leftOut, "whatever else it held"].join(", "),
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"pasted", typeof facts>;
