import * as z from "zod";
import { egressMeanings, egressVerdicts } from "../platform/egress.ts";
import type { FactSheet } from "../stage.ts";
import { inside } from "./inside.ts";
import { line, oneOf } from "./read.ts";

const facts = z.object({
  addresses: z
    .array(
      z.object({
        address: z.string(),
        family: z.union([z.literal(4), z.literal(6)]),
        seen: z.int().describe("In how many samples"),
        operators: z.array(z.string()),
        expectedAs: z.string().optional().describe("The label of the expectation that holds it"),
      }),
    )
    .describe("Distinct, most often seen first; others that were not seen are possible"),
  verdict: z.enum(egressVerdicts),
  expectedLabels: z.array(z.string()).describe("As what addresses were expected, in all"),
  agrees: z.boolean().describe("Every operator saw the same address, in each family"),
  matrix: z
    .array(z.object({ operator: z.string(), method: z.string(), addresses: z.array(z.string()) }))
    .describe("Who saw which"),
  discarded: z.array(z.object({ operator: z.string(), address: z.string(), reason: z.string() })),
  samples: z.object({ planned: z.int(), counted: z.int() }),
  snatPorts: z
    .int()
    .describe("Outbound ports that this took, at most: each is held for about four minutes"),
});

const addressesOf = (seen: unknown) => facts.shape.addresses.safeParse(seen).data ?? [];

const egress = inside(
  "addresses",
  "Every address this host is seen from lies in one of these, such as 1.2.3.4,5.6.7.0/29",
  (seen) => addressesOf(seen["addresses"]).map((one) => one.address),
);

export const egressSheet = {
  name: "egress",
  proves: "the samples were weighed",
  facts,
  headline: line(facts, "Egress", ["addresses", "verdict"], ({ addresses, verdict }) =>
    addresses.length === 0
      ? undefined
      : `leaves from ${addresses.map((one) => one.address).join(", ")}` +
        (verdict === "unjudged" ? "" : `: ${verdict}`),
  ),
  lines: [
    line(facts, "Addresses", ["addresses"], ({ addresses }) =>
      addresses.map(
        ({ address, seen, operators, expectedAs }) =>
          `${address}, seen ${seen} times by ${operators.join(", ")}` +
          (expectedAs === undefined ? "" : ` (${expectedAs})`),
      ),
    ),
    line(facts, "Verdict", ["verdict"], ({ verdict }) => `${verdict}: ${egressMeanings[verdict]}`),
    line(facts, "Unseen", ["addresses", "samples"], ({ addresses, samples }) =>
      addresses.length === 0
        ? undefined
        : `${addresses.length} distinct in ${samples.counted} samples; others are possible`,
    ),
    line(facts, "Agreement", ["agrees", "matrix"], ({ agrees, matrix }) =>
      agrees
        ? undefined
        : matrix.map((one) => `${one.operator} (${one.method}): ${one.addresses.join(", ")}`),
    ),
    line(facts, "Discarded", ["discarded"], ({ discarded }) =>
      discarded.map((one) => `${one.address} of ${one.operator}: ${one.reason}`),
    ),
    line(
      facts,
      "Cost",
      ["snatPorts"],
      ({ snatPorts }) => `at most ${snatPorts} outbound ports (SNAT), held for about four minutes`,
    ),
  ],
  gauges: [],
  expect: {
    egress,
    egressVerdict: oneOf(facts, "verdict", "The verdict, such as nat-gateway"),
  },
} as const satisfies FactSheet<"egress", typeof facts>;
