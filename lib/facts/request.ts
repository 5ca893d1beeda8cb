import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { atMost, gauge, isTrue, line } from "./read.ts";
import { bodyContains, jsonPath, responseHeader, status } from "./request-expect.ts";

const facts = z.object({
  method: z.string(),
  url: z.string().describe("Secrets in it are withheld"),
  hostHeader: z.string().optional().describe("The Host that was sent, where it is not the URL's"),
  version: z.enum(["1.0", "1.1", "2"]).describe("Of HTTP, as the answer says"),
  status: z.int(),
  statusText: z.string(),
  timings: z
    .object({
      dns: z.number(),
      connect: z.number(),
      tls: z.number(),
      request: z.number(),
      firstByte: z.number(),
      download: z.number(),
      total: z.number(),
    })
    .partial()
    .describe("Milliseconds of each phase on its own; `total` is their sum"),
  totalMs: z.number().describe("All phases together"),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string()).readonly()])),
  location: z.string().optional().describe("Where a redirect points, made absolute"),
  followed: z
    .boolean()
    .optional()
    .describe("The redirect was followed: the next hop is where it points, and this one is no end"),
  signIn: z
    .object({
      server: z.string().describe("The identity provider"),
      returnTo: z.string().describe("The redirect_uri, without its query"),
    })
    .optional()
    .describe("Where a redirect to sign in leads, and where it comes back to"),
  prober: z
    .object({
      who: z.string().describe("The product whose health probe was played"),
      accepts: z.string().describe("The statuses that it takes for healthy"),
    })
    .optional(),
  healthy: z.boolean().optional().describe("Whether that health probe would be content"),
  cors: z
    .object({
      origin: z.string(),
      allowed: z.boolean().describe("Whether a browser would go on after this preflight"),
      verdicts: z.array(
        z.object({
          header: z.string(),
          value: z.string().optional(),
          ok: z.boolean(),
          why: z.string(),
        }),
      ),
    })
    .optional()
    .describe("The preflight of a page of that origin that wants to post JSON"),
  seenAs: z
    .string()
    .optional()
    .describe("The source address that a refusal states: one sample of how we are seen"),
  body: z.object({
    text: z.string().describe("The beginning, decoded; empty when it is not text"),
    bytes: z.int().describe("As they came over the wire, up to the limit"),
    decodedBytes: z.int().describe("After Content-Encoding was undone, up to the limit"),
    truncated: z.boolean(),
    problem: z.string().optional().describe("Why it could not be decoded"),
  }),
});

type Facts = z.infer<typeof facts>;

const phases = ({ timings }: { timings: Facts["timings"] }) =>
  Object.entries(timings).map(([name, ms]) => `${name} ${ms} ms`);

function bodyLine({ bytes, decodedBytes, truncated, problem }: Facts["body"]): string {
  const decoded = decodedBytes === bytes ? "" : `, ${decodedBytes} decoded`;
  const why = problem === undefined ? "" : `; ${problem}`;
  return `${bytes} bytes${decoded}${truncated ? ", cut" : ""}${why}`;
}

export const requestSheet = {
  name: "request",
  proves: "HTTP answers",
  facts,
  headline: line(facts, "Answer", ["status", "statusText", "totalMs"], (seen) =>
    `HTTP ${seen.status} ${seen.statusText} in ${seen.totalMs} ms`.replace("  ", " "),
  ),
  lines: [
    line(facts, "Answer", ["method", "url", "version", "status", "statusText"], (seen) =>
      `HTTP/${seen.version} ${seen.status} ${seen.statusText}`.trim(),
    ),
    line(facts, "Host", ["hostHeader"], ({ hostHeader }) => hostHeader),
    line(
      facts,
      "Health",
      ["prober", "healthy"],
      ({ prober, healthy }) =>
        `${healthy ? "healthy" : "unhealthy"} for ${prober.who}, which accepts ${prober.accepts}`,
    ),
    line(facts, "CORS", ["cors"], ({ cors }) =>
      cors.verdicts.map(
        (one) => `${one.ok ? "ok" : "NO"} ${one.header}: ${one.value ?? "(none)"}, ${one.why}`,
      ),
    ),
    line(facts, "Location", ["location"], ({ location }) => location),
    line(facts, "Sign-in returns to", ["signIn"], ({ signIn }) => signIn.returnTo),
    line(facts, "Seen as", ["seenAs"], ({ seenAs }) => seenAs),
    line(facts, "Phases", ["timings"], (seen) => phases(seen).join(", ")),
    line(facts, "Headers", ["headers"], ({ headers }) =>
      Object.entries(headers).flatMap(([name, value]) =>
        [value].flat().map((one) => `${name}: ${one}`),
      ),
    ),
    line(facts, "Body", ["body"], ({ body }) => bodyLine(body)),
    line(facts, "Excerpt", ["body"], ({ body }) => body.text.slice(0, 300) || undefined),
  ],
  gauges: [
    gauge(
      facts,
      "probe_http_status_code",
      "The status code of the answer",
      ["status"],
      (seen) => seen.status,
    ),
    gauge(facts, "probe_http_version", "The version of HTTP", ["version"], (seen) =>
      Number(seen.version),
    ),
  ],
  expect: {
    status,
    bodyContains,
    jsonPath,
    responseHeader,
    healthy: isTrue(facts, "healthy", "Whether the health probe that as= names would be content"),
    totalMs: atMost(facts, "totalMs", "Milliseconds that the whole exchange may take"),
  },
} as const satisfies FactSheet<"request", typeof facts>;
