import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { isTrue, line } from "./read.ts";

const facts = z.object({
  status: z
    .int()
    .describe("The HTTP status of the endpoint; without a token asked for, any will do"),
  resource: z.string().optional().describe("For what a token was asked; absent when none was"),
  issued: z.boolean().optional().describe("Whether a token came. It is never shown and not kept"),
  expiresInSeconds: z.int().optional().describe("How long that token would hold"),
  said: z.string().optional().describe("Why there is none, in the endpoint's words"),
});

export const identitySheet = {
  name: "identity",
  proves: "the identity endpoint answers",
  facts,
  headline: line(
    facts,
    "Identity",
    ["status"],
    ({ status }) => `the endpoint answers: HTTP ${status}`,
  ),
  lines: [
    line(facts, "Answer", ["status"], ({ status }) => `HTTP ${status}`),
    line(facts, "Token", ["resource", "issued"], ({ resource, issued }) =>
      issued ? `came for ${resource}, and is not shown` : `none came for ${resource}`,
    ),
    line(facts, "Expires in", ["expiresInSeconds"], (seen) => `${seen.expiresInSeconds} s`),
    line(facts, "Said", ["said"], ({ said }) => said),
  ],
  gauges: [],
  expect: { token: isTrue(facts, "issued", "Whether the endpoint hands out a token") },
} as const satisfies FactSheet<"identity", typeof facts>;
