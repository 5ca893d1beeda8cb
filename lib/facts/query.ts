import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { attempt, channel, columns, edns, flags, record, transports } from "./dns.ts";
import { everyOneOf, gauge, includes, line, oneOf } from "./read.ts";

const facts = z.object({
  question: z.object({
    name: z.string().describe("As it went over the wire, in A-labels"),
    type: z.string(),
    class: z.string().optional().describe("Absent for IN"),
    unicode: z.string().optional().describe("The name in U-labels, where it differs"),
  }),
  server: z.string().optional().describe("Who was asked; absent for the system resolver"),
  origin: z.string().optional().describe("Where this server was configured"),
  opinion: z
    .boolean()
    .optional()
    .describe("Asked beside the application's own servers: it explains, and decides nothing"),
  servers: z.array(z.string()).optional().describe("Whom c-ares would ask, by its own reading"),
  zone: z.string().optional().describe("The zone whose server this is, on the way down the tree"),
  referral: z.boolean().optional().describe("It leads on to the servers of a zone below"),
  search: z
    .array(z.string())
    .optional()
    .describe("The names that a look-up tries in turn, where the search list adds some"),
  transport: z.enum(transports).describe("What carried the answer"),
  channel: channel.optional().describe("Over TLS and HTTPS"),
  rcode: z.string().describe("Such as NOERROR; the system resolver shows less, see the docs"),
  flags: flags.optional().describe("Absent for the system resolver"),
  answers: z.array(record),
  authority: z.array(record),
  additional: z.array(record),
  more: z.int().optional().describe("Records that are not shown here"),
  edns: edns.optional(),
  chain: z.array(z.string()).describe("CNAME targets in order"),
  addresses: z.array(z.object({ address: z.string(), class: z.string() })),
  truncated: z.boolean().optional().describe("The UDP answer was cut and TCP gave none"),
  defects: z.array(z.string()).optional().describe("Parts of the answer that made no sense"),
  relay: z
    .boolean()
    .optional()
    .describe("The name is listed as a hybrid connection of this app (WEBSITE_RELAYS)"),
  changed: z
    .array(z.string())
    .optional()
    .describe("Records that came (+) or went (-) since the question was asked before"),
  attempts: z.array(attempt),
});

type Facts = z.infer<typeof facts>;
type Attempt = z.infer<typeof attempt>;

const classed = (one: Facts["addresses"][number]) => `${one.address} (${one.class})`;

const named = (set: object) =>
  Object.entries(set)
    .flatMap(([name, isSet]) => (isSet === true ? [name] : []))
    .join(" ");

/** A chain with its arrows, down to what it ends at. */
function chainLine({
  question,
  chain,
  addresses,
}: Pick<Facts, "question" | "chain" | "addresses">) {
  if (chain.length === 0) return undefined;
  const ends = addresses.length === 0 ? [] : [addresses.map(classed).join(", ")];
  return [question.name, ...chain, ...ends].join(" -> ");
}

function ednsLine({ udpSize, dnssecOk, nsid, cookie, ede = [] }: NonNullable<Facts["edns"]>) {
  return [
    `udp ${udpSize}`,
    ...(dnssecOk ? ["do"] : []),
    ...(nsid === undefined ? [] : [`nsid ${nsid}`]),
    ...(cookie === undefined ? [] : [`cookie: ${cookie}`]),
    ...ede.map((one) => `ede ${one.code} ${one.name} ${one.text}`.trim()),
  ].join("; ");
}

function attemptLine({ transport, name, edns: size, ms, outcome, rcode, bytes, dropped }: Attempt) {
  return [
    `${transport} ${outcome} after ${ms} ms`,
    ...(name === undefined ? [] : [`asked for ${name}`]),
    ...(rcode === undefined ? [] : [rcode]),
    ...(bytes === undefined ? [] : [`${bytes} octets`]),
    ...(size === undefined ? [] : [size === "off" ? "no EDNS" : `EDNS ${size}`]),
    ...(dropped === undefined ? [] : [`dropped: ${dropped.join(", ")}`]),
  ].join(", ");
}

export const querySheet = {
  name: "query",
  proves: "the server answers the question",
  facts,
  headline: line(facts, "Answer", ["rcode", "answers", "addresses"], (seen) => {
    const data = seen.answers.map((one) => one.data);
    const shown = seen.addresses.length > 0 ? seen.addresses.map((one) => one.address) : data;
    return `${seen.rcode} ${shown.slice(0, 4).join(", ")}`.trim();
  }),
  lines: [
    line(facts, "Question", ["question"], ({ question }) =>
      [
        [question.name, question.class ?? "IN", question.type].join(" "),
        ...(question.unicode === undefined ? [] : [`(${question.unicode})`]),
      ].join(" "),
    ),
    line(facts, "Origin", ["origin"], ({ origin }) => origin),
    line(facts, "Zone", ["zone"], ({ zone }) => zone),
    line(facts, "Servers", ["servers"], ({ servers }) => servers.join(", ")),
    line(facts, "Search", ["search"], ({ search }) => search.join(", then ")),
    line(facts, "Status", ["rcode", "transport"], (seen) => `${seen.rcode} over ${seen.transport}`),
    line(facts, "Flags", ["flags"], (seen) => named(seen.flags)),
    line(facts, "Chain", ["question", "chain", "addresses"], chainLine),
    line(facts, "Addresses", ["addresses"], ({ addresses }) => addresses.map(classed)),
    line(facts, "Answers", ["answers"], ({ answers }) => columns(answers)),
    line(facts, "Authority", ["authority"], ({ authority }) => columns(authority)),
    line(facts, "Additional", ["additional"], ({ additional }) => columns(additional)),
    line(facts, "Not shown", ["more"], ({ more }) => `${more} more records`),
    line(facts, "EDNS", ["edns"], (seen) => ednsLine(seen.edns)),
    line(facts, "TLS", ["channel"], ({ channel: { protocol, alpn = "no ALPN", ...judged } }) =>
      [
        protocol,
        alpn,
        judged.trusted ? "trusted" : `not trusted: ${judged.faults.join(", ")}`,
      ].join("; "),
    ),
    line(facts, "Truncated", ["truncated"], ({ truncated }) =>
      truncated ? "the UDP answer was cut short and TCP gave none" : undefined,
    ),
    line(facts, "Defects", ["defects"], ({ defects }) => defects),
    line(facts, "Changed", ["changed"], ({ changed }) => changed),
    line(facts, "Attempts", ["attempts"], ({ attempts }) => attempts.map(attemptLine)),
  ],
  gauges: [
    gauge(
      facts,
      "probe_dns_answer_rrs",
      "Entries in the answer section",
      ["answers"],
      (seen) => seen.answers.length,
    ),
    gauge(
      facts,
      "probe_dns_authority_rrs",
      "Entries in the authority section",
      ["authority"],
      (seen) => seen.authority.length,
    ),
    gauge(
      facts,
      "probe_dns_additional_rrs",
      "Entries in the additional section",
      ["additional"],
      (seen) => seen.additional.length,
    ),
    gauge(facts, "probe_dns_query_succeeded", "Whether an answer came back", ["rcode"], () => 1),
  ],
  expect: {
    rcode: {
      ...oneOf(facts, "rcode", "The response code, such as NOERROR or NXDOMAIN"),
      settles: ["dns.nxdomain", "dns.cname_dangling", "dns.servfail", "dns.refused", "dns.rcode"],
    },
    chain: includes(facts, "chain", "Names that the CNAME chain must pass"),
    answer: everyOneOf(facts, "addresses", "Every address is one of these", ({ addresses }) =>
      addresses.map((one) => one.address),
    ),
    answerClass: everyOneOf(
      facts,
      "addresses",
      "Every address is of one of these classes",
      (seen) => seen.addresses.map((one) => one.class),
    ),
  },
} as const satisfies FactSheet<"query", typeof facts>;
