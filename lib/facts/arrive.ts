/** What the arriving request tells of the way it took. */
import * as z from "zod";
import { hopConfidences, hopKinds, legKinds } from "../ingress/seen.ts";
import type { Expectation, FactSheet, Known } from "../stage.ts";
import { certificate } from "./certificate.ts";
import { everyOneOf, line, oneOf } from "./read.ts";

const confidence = z
  .enum(hopConfidences)
  .describe("Proven by a header the platform overwrites, likely, or claimed by whoever wrote it");

const withheld = z.object({
  what: z.string().describe("A parameter, a cookie, or what kind of secret it looks like"),
  length: z.int().describe("In characters"),
  fingerprint: z.string().describe("Equal for equal secrets, within one process"),
});

const header = z.object({
  name: z.string(),
  value: z.string().describe("With `***` for each part that is withheld"),
  masked: z.array(withheld).optional().describe("What is withheld, in order"),
  length: z.int().optional().describe("Of the whole value, where only its start is shown"),
  setBy: z.string().optional().describe("Who sets this header when all is as it should be"),
  proves: z.string().optional().describe("What its presence or value shows"),
});

const entry = z.object({
  header: z.string(),
  text: z.string().describe("As it was written"),
  kind: z.enum(["address", "unknown", "obfuscated", "masked", "other"]),
  address: z.string().optional(),
  port: z.int().optional(),
  zone: z.string().optional(),
  embedded: z
    .string()
    .optional()
    .describe("The private IPv4 address that a service or private endpoint hides in IPv6"),
  by: z.string().optional(),
  host: z.string().optional(),
  proto: z.string().optional(),
});

const hop = z.object({
  kind: z.enum(hopKinds),
  confidence,
  evidence: z
    .array(z.string())
    .readonly()
    .describe("The headers that say so; for the worker, its platform"),
  tls: z.enum(legKinds).describe("How the request came into this hop"),
  tlsVersion: z.string().optional(),
  detail: z.record(z.string(), z.string()).readonly().optional(),
});

const facts = z.object({
  method: z.string(),
  url: z.string().describe("Secrets in it are withheld"),
  scheme: z.string().optional().describe("What the client used, as the outermost hop tells it"),
  headers: z
    .array(header)
    .describe("All of them; the runtime gives no original order, case or repetition"),
  forwarded: z.array(entry).describe("Every address in a forwarding header, parsed"),
  client: z.object({
    address: z.string().optional().describe("Absent when no header names one"),
    port: z.int().optional(),
    confidence,
    evidence: z.array(z.string()).readonly(),
    reasons: z
      .array(z.string())
      .readonly()
      .describe("The walk from the nearest hop outwards, in words"),
  }),
  hops: z.array(hop).readonly().describe("From the client to this process"),
  clientCertificate: certificate
    .partial()
    .extend({
      header: z.string(),
      setBy: z.string(),
      verification: z.string().optional(),
      hashMatches: z.boolean().optional(),
      problem: z.string().optional(),
    })
    .optional()
    .describe("A certificate that a proxy passed on: a claim, unless the platform demands one"),
});

type Facts = z.infer<typeof facts>;

function certificateLine(seen: NonNullable<Facts["clientCertificate"]>): string {
  const about = [
    seen.problem,
    seen.subject,
    seen.issuer === undefined ? undefined : `issued by ${seen.issuer}`,
    seen.validTo === undefined ? undefined : `until ${seen.validTo}`,
    seen.verification,
  ];
  return `${about.filter((part) => part !== undefined).join(", ")} (${seen.header})`;
}

function hopLine({
  kind,
  tls,
  tlsVersion,
  confidence: level,
  evidence,
}: Facts["hops"][number]): string {
  const leg = {
    none: "",
    unknown: "",
    plain: " over plain HTTP",
    tls: ` over TLS ${tlsVersion ?? ""}`,
  };
  return `${kind}${leg[tls].trimEnd()}, ${level}${evidence.length > 0 ? ` by ${evidence.join(", ")}` : ""}`;
}

/** All the listed values, separated by commas, must be among those that `pick` finds. */
function among(
  key: keyof Facts,
  summary: string,
  pick: (facts: Known) => readonly string[],
): Expectation {
  return {
    summary,
    needs: [key],
    read(text) {
      const wanted = text.split(",").map((word) => word.trim().toLowerCase());
      if (wanted.includes("")) return { wrong: "a value is needed" };
      return {
        wanted: wanted.join(" and "),
        actual: (seen) => pick(seen).join(", ") || "none",
        holds: (seen) => wanted.every((word) => pick(seen).includes(word)),
      };
    },
  };
}

export const arriveSheet = {
  name: "arrive",
  proves: "a request reaches this process",
  facts,
  headline: line(facts, "From", ["client"], ({ client }) =>
    client.address === undefined
      ? "from a client that no header names"
      : `from ${client.address} (${client.confidence})`,
  ),
  lines: [
    line(facts, "Request", ["method", "url"], (seen) => `${seen.method} ${seen.url}`),
    line(facts, "Client", ["client"], ({ client }) => [
      client.address === undefined ? "unknown" : `${client.address}, ${client.confidence}`,
      ...client.reasons,
    ]),
    line(facts, "Scheme", ["scheme"], ({ scheme }) => scheme),
    line(facts, "Hops", ["hops"], ({ hops }) => hops.map(hopLine)),
    line(facts, "Client certificate", ["clientCertificate"], (seen) =>
      certificateLine(seen.clientCertificate),
    ),
    line(facts, "Headers", ["headers"], ({ headers }) =>
      headers.map((one) => `${one.name}: ${one.value}`),
    ),
  ],
  gauges: [],
  expect: {
    clientAddress: everyOneOf(facts, "client", "The client's address", ({ client }) =>
      client.address === undefined ? [] : [client.address],
    ),
    arrivedScheme: oneOf(facts, "scheme", "The scheme the client used: http or https"),
    hop: among("hops", "Kinds of hop the request must have passed", (seen) =>
      (facts.shape.hops.safeParse(seen["hops"]).data ?? []).map((one) => one.kind),
    ),
    header: among("headers", "Names of headers that must have arrived", (seen) =>
      (facts.shape.headers.safeParse(seen["headers"]).data ?? []).map((one) =>
        one.name.toLowerCase(),
      ),
    ),
  },
} as const satisfies FactSheet<"arrive", typeof facts>;
