/** What another Sonde says of a request that was sent to it from here. */
import * as z from "zod";
import { sourceFamilies } from "../ingress/judged.ts";
import { endpointOf, urlHost } from "../protocols/authority.ts";
import type { FactSheet } from "../stage.ts";
import { facts as arrival } from "./arrival.ts";
import { inside } from "./inside.ts";
import { everyOneOf, line } from "./read.ts";

const there = z.object({
  app: z.string().optional(),
  platform: z.string().optional(),
  plan: z.string().optional(),
  region: z.string().optional(),
  version: z.string().optional().describe("Of the other Sonde"),
});

const judged = z.object({
  by: arrival.shape.judged.unwrap().shape.by,
  family: arrival.shape.judged.unwrap().shape.family,
  address: z.string().optional(),
  embedded: z.string().optional(),
  rules: arrival.shape.judged.unwrap().shape.rules,
});

const facts = z.object({
  url: z.string().describe("The echo that was asked"),
  status: z.int(),
  seenAs: z
    .object({ address: z.string(), port: z.int().optional(), confidence: z.string() })
    .optional()
    .describe("The source of this request, as the other Sonde reads it; or as a refusal states it"),
  translated: z
    .boolean()
    .optional()
    .describe("Another address than the one it was sent from here: there is a NAT, or a hop"),
  judged: judged.optional().describe("The source as an access restriction there judges it"),
  scheme: z.string().optional().describe("As it arrived there"),
  way: z.array(z.string()).describe("Kinds of hops from here to there, outermost first"),
  tlsEnd: z.string().optional().describe("The hop at which TLS from here ended"),
  there: there.describe("The place of the other Sonde, by its own word"),
});

type Facts = z.infer<typeof facts>;

function seenLine({ address, port, confidence }: NonNullable<Facts["seenAs"]>): string {
  const place = port === undefined ? urlHost(address) : endpointOf({ address, port });
  return `${place}, ${confidence}`;
}

function judgedLine({ address, embedded, family, rules }: NonNullable<Facts["judged"]>): string {
  const hidden = embedded === undefined ? "" : `, which is ${embedded}`;
  const kinds = rules.length === 0 ? "no rule" : `rules of kind ${rules.join(", ")}`;
  return `${address ?? "an unknown address"}${hidden}, ${family}: matched by ${kinds}`;
}

function placeLine({ app, platform, plan, region, version }: Facts["there"]): string | undefined {
  const known = [app, platform, plan, region].filter((one) => one !== undefined);
  const sonde = version === undefined ? [] : [`Sonde ${version}`];
  return [...new Set([...known, ...sonde])].join(", ") || undefined;
}

const chainSource = inside(
  "seenAs",
  "The address that the other Sonde sees, or a prefix that holds it: 1.2.3.4,10.0.0.0/24",
  (seen) => [facts.shape.seenAs.safeParse(seen["seenAs"]).data?.address ?? []].flat(),
);

export const chainSheet = {
  name: "chain",
  proves: "another Sonde is reached from here, and answers",
  facts,
  headline: line(
    facts,
    "Seen",
    ["seenAs", "there"],
    ({ seenAs, there: { app } }) => `seen by ${app ?? "the other Sonde"} as ${seenLine(seenAs)}`,
  ),
  lines: [
    line(facts, "Asked", ["url", "status"], ({ url, status }) => `${url}, HTTP ${status}`),
    line(facts, "There", ["there"], (seen) => placeLine(seen.there)),
    line(facts, "Seen as", ["seenAs"], ({ seenAs }) => seenLine(seenAs)),
    line(facts, "Translated", ["translated"], ({ translated }) =>
      translated ? "yes: it was sent from another address" : "no: as it was sent from here",
    ),
    line(facts, "Judged as", ["judged"], (seen) => judgedLine(seen.judged)),
    line(facts, "Way", ["way"], ({ way }) => way.join(" -> ")),
    line(facts, "TLS ended", ["tlsEnd"], ({ tlsEnd }) => tlsEnd),
  ],
  gauges: [],
  expect: {
    chainSource,
    chainJudgedAs: everyOneOf(
      facts,
      "judged",
      "How an access restriction at the other Sonde sees the source, such as service-endpoint",
      (seen) => [seen.judged.family],
      sourceFamilies,
    ),
  },
} as const satisfies FactSheet<"chain", typeof facts>;
