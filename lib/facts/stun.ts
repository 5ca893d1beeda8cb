import * as z from "zod";
import { endpointOf } from "../protocols/authority.ts";
import type { FactSheet } from "../stage.ts";
import { everyOneOf, line } from "./read.ts";

const endpoint = z.object({ address: z.string(), port: z.int() });

const facts = z.object({
  server: z.string().describe("Address and port that were asked"),
  transport: z.enum(["udp", "tcp"]),
  second: z
    .literal(true)
    .optional()
    .describe("The server that was asked to compare with, which stands beside the question"),
  sent: z.int().describe("How often the request was sent until an answer came"),
  mapped: endpoint.describe("Where the server saw the request come from"),
  local: endpoint.describe("Where it was sent from"),
  translated: z.boolean().describe("Another address or port than ours arrived: there is a NAT"),
  rttMs: z
    .number()
    .optional()
    .describe("The round trip; absent when the request was repeated: which one was answered?"),
  software: z.string().optional(),
  origin: endpoint.optional().describe("Where the answer came from, by the server's own word"),
  other: endpoint.optional().describe("Another address of the server, for tests of NAT behaviour"),
  dropped: z
    .array(z.string())
    .optional()
    .describe("Datagrams that were not the answer, and what gave each away"),
});

export const stunSheet = {
  name: "stun",
  proves: "a STUN server answers and says where it sees this host",
  facts,
  headline: line(
    facts,
    "Seen as",
    ["mapped", "transport"],
    ({ mapped, transport }) => `seen as ${endpointOf(mapped)} over ${transport.toUpperCase()}`,
  ),
  lines: [
    line(facts, "Seen as", ["mapped"], ({ mapped }) => endpointOf(mapped)),
    line(facts, "Sent from", ["local"], ({ local }) => endpointOf(local)),
    line(facts, "NAT", ["translated"], ({ translated }) =>
      translated ? "yes: what arrives is not what was sent from" : "none on the way",
    ),
    line(facts, "Round trip", ["rttMs"], ({ rttMs }) => `${rttMs} ms`),
    line(facts, "Sent", ["sent"], ({ sent }) => (sent < 2 ? undefined : `${sent} times`)),
    line(facts, "Software", ["software"], ({ software }) => software),
    line(facts, "Other address", ["other"], ({ other }) => endpointOf(other)),
    line(facts, "Dropped", ["dropped"], ({ dropped }) => dropped),
  ],
  gauges: [],
  expect: {
    mappedAddress: everyOneOf(
      facts,
      "mapped",
      "The address that the server sees, such as 203.0.113.9",
      ({ mapped }) => [mapped.address],
    ),
  },
} as const satisfies FactSheet<"stun", typeof facts>;
