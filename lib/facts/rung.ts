import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  octets: z.int().describe("By how much the request was larger than an ordinary one"),
  protocol: z.string().optional().describe("Of TLS, whose certificate is not judged here"),
  status: z.int().optional(),
  answerMs: z.number().optional().describe("From the request to the first octet of the answer"),
});

export const rungSheet = {
  name: "rung",
  proves: "a request of some size is answered",
  facts,
  lines: [
    line(
      facts,
      "Request",
      ["octets", "status", "answerMs"],
      (seen) => `+${seen.octets} octets, status ${seen.status} in ${seen.answerMs} ms`,
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"rung", typeof facts>;
