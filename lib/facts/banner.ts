import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line, oneOf } from "./read.ts";

/** Why the listening ended, in words. */
const endings = {
  paused: "it waits for the client",
  full: "it goes on; the rest was not read",
  closed: "it closed the connection",
  reset: "it reset the connection",
  cut: "it was not done when the time was over",
  silent: "nothing was said",
} as const;

const facts = z.object({
  ended: z.enum(["paused", "full", "closed", "reset", "cut", "silent"]).describe(
    Object.entries(endings)
      .map(([name, meaning]) => `\`${name}\`: ${meaning}`)
      .join("; "),
  ),
  bytes: z.int().describe("Octets that were read, at most 1024"),
  truncated: z.boolean().describe("More came than was kept"),
  text: z
    .string()
    .optional()
    .describe("What was said: printable ASCII as it is, other octets as escapes"),
  speaks: z
    .string()
    .optional()
    .describe(
      "The protocol that begins like this, `address` for an IP address and nothing else, or `unknown`; absent where nothing was said",
    ),
  address: z.string().optional().describe("The IP address, where nothing else was said"),
  addressClass: z.string().optional().describe("What kind of address that is: private, public, …"),
  firstMs: z.number().optional().describe("From the open connection to the first octet"),
});

/** Of what is shown as text; the whole stands in the report. */
const SHOWN = 300;

export const bannerSheet = {
  name: "banner",
  proves: "what the server says first was listened for",
  facts,
  headline: line(
    facts,
    "Says first",
    ["text", "speaks"],
    ({ text, speaks }) => `speaks ${speaks}: "${text.slice(0, 60)}"`,
  ),
  lines: [
    line(
      facts,
      "Address",
      ["address", "addressClass"],
      (seen) => `${seen.address} (${seen.addressClass}), and nothing else`,
    ),
    line(facts, "Speaks", ["speaks", "firstMs"], (seen) =>
      seen.speaks === "unknown"
        ? `a protocol that is not known here, after ${seen.firstMs} ms`
        : `${seen.speaks}, after ${seen.firstMs} ms`,
    ),
    line(facts, "Says first", ["text"], ({ text }) => text.slice(0, SHOWN).split(/(?<=\\n)/)),
    line(facts, "Then", ["ended", "bytes"], ({ ended, bytes }) =>
      ended === "silent"
        ? `${endings.silent}: most protocols wait for the client`
        : `${endings[ended]} (${bytes} octets)`,
    ),
  ],
  gauges: [],
  expect: {
    speaks: oneOf(facts, "speaks", "The protocol that the server begins with, as in ssh"),
  },
} as const satisfies FactSheet<"banner", typeof facts>;
