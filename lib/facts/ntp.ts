import * as z from "zod";
import { leaps, referenceKinds } from "../protocols/ntp.ts";
import type { FactSheet } from "../stage.ts";
import { gauge, line, oneOf, within } from "./read.ts";

export const sample = z.object({
  outcome: z.string().describe("`answered`, or the code of what went wrong"),
  offsetMs: z.number().optional(),
  delayMs: z.number().optional(),
  dropped: z
    .array(z.string())
    .optional()
    .describe("Datagrams that were not the answer, and what gave each away"),
});

const facts = z.object({
  server: z.string().describe("Address and port that were asked"),
  version: z.int().describe("Of the protocol, as the server answers it"),
  leap: z
    .enum(leaps)
    .describe("Whether a leap second is announced; `unsynchronised`: the clock is not set"),
  stratum: z.int().describe("Hops to a reference clock; 0 and from 16 on the clock is not set"),
  referenceId: z
    .string()
    .describe("What the server takes its time from: a code, an IPv4 address, or a hash"),
  referenceKind: z
    .enum(referenceKinds)
    .describe(
      "`local`: its own clock. An address may be the hash of an IPv6 one: the packet does not tell",
    ),
  referenceTime: z.iso.datetime().optional().describe("When the server's clock was last set"),
  precisionMs: z.number().describe("How finely the server reads its clock"),
  rootDelayMs: z.number().describe("Round trip from the server to its reference clock"),
  rootDispersionMs: z.number().describe("Error gathered between the server and that clock"),
  kiss: z.string().optional().describe("The code of a kiss-o'-death, if one came"),
  offsetMs: z.number().describe("How far the server's clock is ahead of this host's"),
  delayMs: z.number().describe("The round trip, without the time the server held the question"),
  errorMs: z
    .number()
    .describe("The offset from the server is right within this: half the delay, and the clocks"),
  rootDistanceMs: z
    .number()
    .describe("The offset from the reference clock is right within this, if the server is"),
  jitterMs: z
    .number()
    .optional()
    .describe("How far the other samples lie from the best one: root of the mean square"),
  samples: z.array(sample).describe("In order; the facts are of the one with the shortest delay"),
});

const signed = (ms: number) => `${ms < 0 ? "" : "+"}${ms}`;

/** Within its error an offset has no sign. */
function sideOf(offsetMs: number, errorMs: number): string {
  if (Math.abs(offsetMs) <= errorMs) return "too little to tell the clocks apart";
  return `this clock is ${offsetMs < 0 ? "ahead of" : "behind"} the server's`;
}

export const ntpSheet = {
  name: "ntp",
  proves: "an NTP server tells the time",
  facts,
  headline: line(
    facts,
    "Offset",
    ["offsetMs", "errorMs", "stratum"],
    (seen) => `offset ${signed(seen.offsetMs)} ± ${seen.errorMs} ms from a stratum ${seen.stratum}`,
  ),
  lines: [
    line(facts, "Offset", ["offsetMs", "errorMs"], ({ offsetMs, errorMs }) => {
      return `${signed(offsetMs)} ± ${errorMs} ms: ${sideOf(offsetMs, errorMs)}`;
    }),
    line(facts, "Delay", ["delayMs"], ({ delayMs }) => `${delayMs} ms`),
    line(facts, "Stratum", ["stratum", "version"], (seen) =>
      seen.stratum === 0 ? undefined : `${seen.stratum} (NTP version ${seen.version})`,
    ),
    line(facts, "Leap", ["leap"], ({ leap }) => leap),
    line(
      facts,
      "Reference",
      ["referenceId", "referenceKind"],
      (seen) => `${seen.referenceId} (${seen.referenceKind})`,
    ),
    line(facts, "Last set", ["referenceTime"], ({ referenceTime }) => referenceTime),
    line(
      facts,
      "Root",
      ["rootDelayMs", "rootDispersionMs", "rootDistanceMs"],
      (seen) =>
        `delay ${seen.rootDelayMs} ms, dispersion ${seen.rootDispersionMs} ms; ` +
        `right within ${seen.rootDistanceMs} ms if the server is`,
    ),
    line(facts, "Kiss", ["kiss"], ({ kiss }) => kiss),
    line(facts, "Jitter", ["jitterMs"], ({ jitterMs }) => `${jitterMs} ms`),
    line(facts, "Samples", ["samples"], ({ samples }) =>
      samples.length < 2 ? undefined : samples.map(sampleLine),
    ),
    line(facts, "Dropped", ["samples"], ({ samples }) =>
      samples.flatMap((one) => one.dropped ?? []),
    ),
  ],
  gauges: [
    gauge(
      facts,
      "probe_ntp_offset_seconds",
      "How far the server's clock is ahead of this host's",
      ["offsetMs"],
      (seen) => seen.offsetMs / 1000,
    ),
    gauge(
      facts,
      "probe_ntp_rtt_seconds",
      "Round trip without the time the server held the question",
      ["delayMs"],
      (seen) => seen.delayMs / 1000,
    ),
    gauge(
      facts,
      "probe_ntp_stratum",
      "Hops to a reference clock; 0 and from 16 on the clock is not set",
      ["stratum"],
      (seen) => seen.stratum,
    ),
    gauge(
      facts,
      "probe_ntp_leap",
      "Leap indicator: 0 none, 1 insert, 2 delete, 3 unsynchronised",
      ["leap"],
      (seen) => leaps.indexOf(seen.leap),
    ),
    gauge(
      facts,
      "probe_ntp_root_delay_seconds",
      "Round trip from the server to its reference clock",
      ["rootDelayMs"],
      (seen) => seen.rootDelayMs / 1000,
    ),
    gauge(
      facts,
      "probe_ntp_root_dispersion_seconds",
      "Error gathered between the server and its reference clock",
      ["rootDispersionMs"],
      (seen) => seen.rootDispersionMs / 1000,
    ),
  ],
  expect: {
    maxOffsetMs: within(facts, "offsetMs", "The clocks differ by no more than this, either way"),
    stratum: oneOf(facts, "stratum", "The stratum of the server, such as 1,2,3"),
    leap: oneOf(facts, "leap", "The leap indicator, such as none"),
  },
} as const satisfies FactSheet<"ntp", typeof facts>;

function sampleLine({ outcome, offsetMs, delayMs }: z.infer<typeof sample>): string {
  return offsetMs === undefined || delayMs === undefined
    ? outcome
    : `${signed(offsetMs)} ms after ${delayMs} ms`;
}
