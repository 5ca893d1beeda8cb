import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { everyOneOf, line } from "./read.ts";

export const address = z.object({
  address: z.string().describe("The canonical literal"),
  family: z.union([z.literal(4), z.literal(6)]),
  class: z.string().describe("What kind of address it is: private, public, loopback, …"),
});

const facts = z.object({
  host: z.string().describe("The name or literal that was asked for"),
  addresses: z.array(address).describe("In the order the resolver gave them"),
  chain: z
    .array(z.string())
    .describe("Names passed on the way; the system resolver does not tell, so it is empty there"),
  resolver: z.enum(["system", "literal"]).describe("Who answered; `literal`: nobody was asked"),
});

export const resolveSheet = {
  name: "resolve",
  proves: "the name resolves to addresses that this Sonde may probe",
  facts,
  headline: line(facts, "Addresses", ["addresses"], ({ addresses }) =>
    addresses.map((one) => one.address).join(", "),
  ),
  lines: [
    line(facts, "Addresses", ["addresses", "resolver"], ({ addresses, resolver }) =>
      resolver === "literal" ? undefined : addresses.map((one) => `${one.address} (${one.class})`),
    ),
  ],
  gauges: [],
  expect: {
    addressClass: everyOneOf(
      facts,
      "addresses",
      "Every address is of one of these classes, such as private",
      ({ addresses }) => addresses.map((one) => one.class),
    ),
  },
} as const satisfies FactSheet<"resolve", typeof facts>;
