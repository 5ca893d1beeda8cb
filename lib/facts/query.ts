import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { everyOneOf, gauge, includes, line, oneOf } from "./read.ts";

export const record = z.object({
  name: z.string(),
  type: z.string(),
  class: z.string().optional().describe("Absent for IN"),
  ttl: z.int().describe("Seconds"),
  data: z.string().describe("As dig prints it"),
});

export const attempt = z.object({
  transport: z.enum(["udp", "tcp", "system"]),
  ms: z.number(),
  outcome: z.string().describe("`answered`, `truncated`, or the code of what went wrong"),
  dropped: z
    .array(z.string())
    .optional()
    .describe("Datagrams that were not the answer, and what gave each away"),
});

const facts = z.object({
  question: z.object({ name: z.string(), type: z.string() }),
  server: z.string().optional().describe("Who was asked; absent for the system resolver"),
  origin: z.string().optional().describe("Where this server was configured"),
  transport: z.enum(["udp", "tcp", "system"]).describe("What carried the answer"),
  rcode: z.string().describe("Such as NOERROR; the system resolver shows less, see the docs"),
  flags: z
    .object({
      qr: z.boolean(),
      aa: z.boolean(),
      tc: z.boolean(),
      rd: z.boolean(),
      ra: z.boolean(),
      ad: z.boolean(),
      cd: z.boolean(),
    })
    .optional()
    .describe("Absent for the system resolver"),
  answers: z.array(record),
  authority: z.array(record),
  additional: z.array(record),
  edns: z
    .object({
      udpSize: z.int(),
      version: z.int(),
      dnssecOk: z.boolean(),
      nsid: z.string().optional(),
      ede: z.array(z.object({ code: z.int(), name: z.string(), text: z.string() })).optional(),
    })
    .optional(),
  chain: z.array(z.string()).describe("CNAME targets in order"),
  addresses: z.array(z.object({ address: z.string(), class: z.string() })),
  truncated: z.boolean().optional().describe("The UDP answer was cut and TCP gave none"),
  defects: z.array(z.string()).optional().describe("Parts of the answer that made no sense"),
  attempts: z.array(attempt),
});

const heads = (records: readonly z.infer<typeof record>[]) =>
  records.map((one) => `${one.name}  ${one.ttl}  ${one.type}  ${one.data}`);

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
    line(facts, "Status", ["rcode", "transport"], (seen) => `${seen.rcode} over ${seen.transport}`),
    line(facts, "Flags", ["flags"], ({ flags }) =>
      Object.entries(flags)
        .filter(([, set]) => set)
        .map(([name]) => name)
        .join(" "),
    ),
    line(facts, "Chain", ["question", "chain"], ({ question, chain }) =>
      chain.length === 0 ? undefined : [question.name, ...chain].join(" -> "),
    ),
    line(facts, "Addresses", ["addresses"], ({ addresses }) =>
      addresses.map((one) => `${one.address} (${one.class})`),
    ),
    line(facts, "Answers", ["answers"], ({ answers }) => heads(answers)),
    line(facts, "Authority", ["authority"], ({ authority }) => heads(authority)),
    line(facts, "EDNS", ["edns"], ({ edns }) =>
      [
        `udp ${edns.udpSize}`,
        ...(edns.nsid === undefined ? [] : [`nsid ${edns.nsid}`]),
        ...(edns.ede ?? []).map((one) => `ede ${one.code} ${one.name} ${one.text}`.trim()),
      ].join("; "),
    ),
    line(facts, "Truncated", ["truncated"], ({ truncated }) =>
      truncated ? "the UDP answer was cut short and TCP gave none" : undefined,
    ),
    line(facts, "Defects", ["defects"], ({ defects }) => defects),
    line(facts, "Attempts", ["attempts"], ({ attempts }) =>
      attempts.length < 2
        ? undefined
        : attempts.map((one) => `${one.transport} ${one.outcome} after ${one.ms} ms`),
    ),
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
    rcode: oneOf(facts, "rcode", "The response code, such as NOERROR or NXDOMAIN"),
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
