import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { transports } from "./dns.ts";
import { line } from "./read.ts";

export const purposes = [
  "the server itself",
  "a public name",
  "the public zone",
  "the private-link zone",
  "the same over TCP",
  "the same unchecked",
] as const;

const facts = z.object({
  controls: z
    .array(
      z.object({
        purpose: z.enum(purposes).describe("What the question is to show"),
        name: z.string(),
        type: z.string(),
        transport: z.enum(transports),
        ms: z.number(),
        outcome: z.string().describe("The rcode, `timeout`, or the code of what went wrong"),
        data: z.string().optional().describe("The first record of the answer"),
        ra: z.boolean().optional().describe("Whether the server offers recursion"),
      }),
    )
    .describe("Questions whose answers say what a failure means"),
});

export const controlSheet = {
  name: "control",
  proves: "the server answers control questions",
  facts,
  lines: [
    line(facts, "Control", ["controls"], ({ controls }) =>
      controls.map((one) =>
        [
          `${one.purpose} (${one.name} ${one.type} over ${one.transport}):`,
          `${one.outcome} after ${one.ms} ms`,
          ...(one.data === undefined ? [] : [one.data]),
        ].join(" "),
      ),
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"control", typeof facts>;
