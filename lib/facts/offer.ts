import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  accepted: z.boolean().describe("Whether the server answered this version with the same version"),
  alert: z.int().optional().describe("The alert it declined with, RFC 8446 §6.2"),
  whyNot: z.string().optional().describe("What was seen instead, in one sentence"),
});

/** What a server says when it is offered one version of TLS and no other. */
export const offerSheet = {
  name: "offer",
  flat: "versions",
  proves: "which versions of TLS the server accepts",
  facts,
  headline: line(facts, "Accepted", ["accepted"], ({ accepted }) =>
    accepted ? "accepted" : "not accepted",
  ),
  lines: [
    line(facts, "Accepted", ["accepted"], ({ accepted }) => (accepted ? "yes" : "no")),
    line(facts, "Because", ["whyNot"], ({ whyNot }) => whyNot),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"offer", typeof facts>;
