/** The shapes of what an arriving request tells: its headers, its way, and what follows from both. */
import * as z from "zod";
import { contradictionKinds } from "../ingress/contradictions.ts";
import { ruleKinds, sourceFamilies } from "../ingress/judged.ts";
import { purposes } from "../ingress/purpose.ts";
import { hopConfidences, hopKinds, legKinds } from "../ingress/seen.ts";
import { signInSources } from "../ingress/signed-in.ts";
import { certificate } from "./certificate.ts";

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
  masked: z.array(withheld).optional().describe("What is withheld, in order; of the first 32"),
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

const judged = z
  .object({
    by: z.enum(hopKinds).describe("The ingress that compares"),
    family: z.enum(sourceFamilies),
    confidence,
    address: z.string().optional(),
    embedded: z.string().optional(),
    rules: z.array(z.enum(ruleKinds)).readonly().describe("Kinds of rule that can match it"),
    reasons: z.array(z.string()).readonly(),
  })
  .describe("The address that an access restriction judges");

const tlsEnd = z
  .object({
    at: z.enum([...hopKinds, "nowhere", "unknown"]),
    again: z.array(z.enum(hopKinds)).readonly().describe("Reached over TLS again, behind it"),
    clear: z.array(z.enum(hopKinds)).readonly().describe("Reached in the clear, behind it"),
    unseen: z.string().optional().describe("What leaves no trace in a request"),
    command: z.string().optional().describe("That reads it from outside"),
  })
  .describe("The hop that ended the client's TLS; `nowhere` for plain HTTP");

const signedIn = z
  .object({
    by: z.enum(signInSources),
    provider: z.string().optional(),
    claims: z.array(z.string()).readonly().describe("Kinds of claims; their values stay out"),
    roles: z.array(z.string()).readonly(),
    tokens: z.array(z.string()).readonly().describe("Kinds of tokens that came along"),
    believed: z.boolean().describe("Whether it is the platform's word, or anybody's"),
    problem: z.string().optional(),
  })
  .describe("Who signed in, as far as that identifies nobody");

const affinity = z
  .object({
    cookies: z.array(z.string()).readonly(),
    instance: z
      .enum(["this", "another"])
      .optional()
      .describe("Whose cookie it looks like; a hint, for the likeness is not documented"),
  })
  .describe("Cookies that tie a client to an instance, by name");

export const facts = z.object({
  method: z.string(),
  url: z.string().describe("Secrets in it are withheld"),
  scheme: z.string().optional().describe("What the client used, as the outermost hop tells it"),
  publicUrl: z
    .object({ url: z.string(), evidence: z.array(z.string()).readonly(), confidence })
    .optional()
    .describe(
      "What the client asked for, without the query, where a hop in front asks for another URL",
    ),
  headers: z
    .array(header)
    .describe(
      "All of them, or with `view=proxy` those that something on the way sets; the runtime gives no original order, case or repetition",
    ),
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
      standing: z.string().describe("How far it is to be believed"),
      command: z.string().optional().describe("That reads whether the platform demands one"),
      verification: z.string().optional(),
      hashMatches: z.boolean().optional(),
      problem: z.string().optional(),
    })
    .optional()
    .describe("A certificate that a proxy passed on: a claim, unless the platform demands one"),
  judged: judged.optional(),
  tlsEnd,
  signedIn: signedIn.optional(),
  affinity: affinity.optional(),
  trace: z
    .object({
      id: z.string(),
      parent: z.string(),
      sampled: z.boolean(),
      problem: z.string().describe("Why a receiver ignores it"),
    })
    .partial()
    .optional()
    .describe("Of traceparent: where to find the request in logs; anyone may send it"),
  coldStart: z
    .boolean()
    .describe("The platform marked this request as one that waited for a start"),
  purpose: z.enum(purposes).optional().describe("A request of a platform's own, by its own word"),
  contradictions: z
    .array(z.object({ kind: z.enum(contradictionKinds), evidence: z.string() }))
    .readonly()
    .describe("Headers that cannot all be true"),
  notShown: z.array(z.string()).readonly().describe("What this runtime cannot show of a request"),
});

export type Facts = z.infer<typeof facts>;
