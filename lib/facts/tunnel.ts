import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";
import { excerptOf, headerLines, refused } from "./refused.ts";
import { address } from "./resolve.ts";

const facts = z.object({
  proxy: z.string().describe("The proxy as it was named, host:port"),
  through: address.describe("The proxy's address that was connected to"),
  to: z.string().describe("The literal address and port that the proxy was asked to connect to"),
  status: z.int().describe("Of the answer to CONNECT"),
  statusText: z.string(),
  refused,
  connectMs: z.number().describe("From the SYN to the proxy to the end of that handshake"),
  tunnelMs: z.number().describe("From CONNECT to its answer: the proxy's own way to the target"),
});

export const tunnelSheet = {
  name: "tunnel",
  proves: "the proxy opens a tunnel to the target's address",
  facts,
  headline: line(
    facts,
    "Tunnel",
    ["proxy", "to", "tunnelMs"],
    (seen) => `tunnel through ${seen.proxy} to ${seen.to} in ${seen.tunnelMs} ms`,
  ),
  lines: [
    line(
      facts,
      "Proxy",
      ["proxy", "through", "connectMs"],
      (seen) =>
        `${seen.proxy} at ${seen.through.address} (${seen.through.class}) in ${seen.connectMs} ms`,
    ),
    line(facts, "CONNECT", ["to", "status", "statusText"], (seen) =>
      `${seen.to}: ${seen.status} ${seen.statusText}`.trim(),
    ),
    line(facts, "Headers", ["refused"], (seen) => headerLines(seen.refused)),
    line(facts, "Excerpt", ["refused"], (seen) => excerptOf(seen.refused)),
    line(facts, "Tunnel", ["tunnelMs"], ({ tunnelMs }) => `open after ${tunnelMs} ms`),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"tunnel", typeof facts>;
