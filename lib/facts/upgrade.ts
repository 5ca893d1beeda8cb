import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line, oneOf } from "./read.ts";
import { excerptOf, headerLines, refused } from "./refused.ts";

const facts = z.object({
  asked: z.string().describe("The URL; secrets in it are withheld"),
  answer: z.int().describe("The status; 101 opens the WebSocket"),
  answerText: z.string(),
  server: z.string().optional().describe("What the Server header says"),
  subprotocol: z.string().optional(),
  upgradeMs: z.number().describe("From the request to its answer"),
  refused,
});

export const upgradeSheet = {
  name: "upgrade",
  proves: "a WebSocket opens",
  facts,
  headline: line(
    facts,
    "WebSocket",
    ["answer", "upgradeMs"],
    (seen) => `WebSocket open in ${seen.upgradeMs} ms`,
  ),
  lines: [
    line(facts, "WebSocket", ["asked", "answer", "answerText", "upgradeMs"], (seen) =>
      `${seen.asked}: ${seen.answer} ${seen.answerText} in ${seen.upgradeMs} ms`.replace("  ", " "),
    ),
    line(facts, "Subprotocol", ["subprotocol"], ({ subprotocol }) => subprotocol),
    line(facts, "Server", ["server"], ({ server }) => server),
    line(facts, "Seen as", ["refused"], (seen) => seen.refused.seenAs),
    line(facts, "Headers", ["refused"], (seen) => headerLines(seen.refused)),
    line(facts, "Excerpt", ["refused"], (seen) => excerptOf(seen.refused)),
  ],
  gauges: [],
  expect: { subprotocol: oneOf(facts, "subprotocol", "The subprotocol that the server chose") },
} as const satisfies FactSheet<"upgrade", typeof facts>;
