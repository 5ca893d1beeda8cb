import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const reached = z.object({
  address: z.string(),
  afterMs: z.number().describe("From the start to the connection"),
});

const facts = z.object({
  eyeballs: reached
    .optional()
    .describe("What a client that races the addresses would get (Happy Eyeballs, RFC 8305)"),
  oneByOne: reached
    .optional()
    .describe("What a client would get that waits for each address as long as this run did"),
});

export const raceSheet = {
  name: "race",
  proves: "it is known what clients make of the addresses",
  facts,
  lines: [
    line(
      facts,
      "A client that races",
      ["eyeballs"],
      ({ eyeballs }) => `gets ${eyeballs.address} after ${eyeballs.afterMs} ms (RFC 8305)`,
    ),
    line(
      facts,
      "One by one",
      ["oneByOne"],
      ({ oneByOne }) => `${oneByOne.address} after ${oneByOne.afterMs} ms`,
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"race", typeof facts>;
