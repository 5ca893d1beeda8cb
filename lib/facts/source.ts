import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line, oneOf } from "./read.ts";

const facts = z.object({
  destination: z.string(),
  localAddress: z.string().describe("What the kernel would send from"),
  class: z.string(),
  interface: z.string().optional().describe("That carries the address, where it is shown"),
});

export const sourceSheet = {
  name: "source",
  proves: "this host has a route to the destination",
  facts,
  headline: line(facts, "From", ["localAddress"], ({ localAddress }) => `from ${localAddress}`),
  lines: [
    line(facts, "Source", ["localAddress", "class", "destination"], (seen) =>
      [seen.localAddress, `(${seen.class})`, "towards", seen.destination].join(" "),
    ),
    line(facts, "Interface", ["interface"], (seen) => seen.interface),
  ],
  gauges: [],
  expect: { source: oneOf(facts, "localAddress", "The local address the kernel picks") },
} as const satisfies FactSheet<"source", typeof facts>;
