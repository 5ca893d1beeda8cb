import * as z from "zod";
import { endpointOf } from "../protocols/authority.ts";
import type { FactSheet } from "../stage.ts";
import { gauge, line, oneOf } from "./read.ts";
import { address } from "./resolve.ts";

const facts = address.extend({
  port: z.int(),
  localAddress: z.string().describe("The address this side used"),
  localPort: z.int(),
  connectMs: z.number().describe("From the SYN to the end of the handshake, as Node sees it"),
  tried: z
    .array(z.object({ address: z.string(), code: z.string() }))
    .optional()
    .describe("Addresses that said no before this one, where one answer is enough"),
});

export const connectSheet = {
  name: "connect",
  proves: "a TCP connection opens",
  facts,
  headline: line(
    facts,
    "Connected",
    ["address", "connectMs"],
    (seen) => `connected to ${seen.address} in ${seen.connectMs} ms`,
  ),
  lines: [
    line(
      facts,
      "Connected",
      ["address", "class", "connectMs"],
      (seen) => `${seen.address} (${seen.class}) in ${seen.connectMs} ms`,
    ),
    line(facts, "From", ["localAddress", "localPort"], (seen) =>
      endpointOf({ address: seen.localAddress, port: seen.localPort }),
    ),
    line(facts, "Tried before", ["tried"], ({ tried }) =>
      tried.map((one) => `${one.address}: ${one.code}`),
    ),
  ],
  gauges: [
    gauge(
      facts,
      "probe_ip_protocol",
      "Whether the probe used IPv4 or IPv6",
      ["family"],
      (seen) => seen.family,
    ),
  ],
  expect: {
    family: oneOf(facts, "family", "The address family that was used: 4 or 6"),
  },
} as const satisfies FactSheet<"connect", typeof facts>;
