import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  method: z.enum(["https", "dns", "stun", "echo"]),
  operator: z.string().describe("Providers of one operator count as one voice"),
  destination: z.string().describe("Who was asked, without a query"),
  family: z.union([z.literal(4), z.literal(6)]),
  address: z.string().optional().describe("From which this host was seen"),
  port: z.int().optional().describe("Where the operator tells it"),
  discarded: z.string().optional().describe("Why this address does not count"),
  trusted: z
    .boolean()
    .optional()
    .describe("Whether the certificate of the operator is trusted here"),
  issuer: z.string().optional().describe("Who issued a certificate that is not"),
});

export const sampleSheet = {
  name: "sample",
  proves: "the internet answers, and tells where this host comes from",
  facts,
  headline: line(
    facts,
    "Seen",
    ["address", "method"],
    ({ address, method }) => `${address} by ${method}`,
  ),
  lines: [
    line(
      facts,
      "Seen from",
      ["address", "method", "destination"],
      (seen) => `${seen.address} by ${seen.destination} (${seen.method})`,
    ),
    line(facts, "Port", ["port"], ({ port }) => `seen from port ${port}`),
    line(facts, "Discarded", ["discarded"], ({ discarded }) => discarded),
    line(facts, "Not trusted", ["issuer"], ({ issuer }) => `certificate issued by ${issuer}`),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"sample", typeof facts>;
