import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line, oneOf } from "./read.ts";

const facts = z.object({
  asked: z.string().describe("The URL; secrets in it are withheld"),
  answer: z.int().describe("The status; 101 opens the WebSocket"),
  answerText: z.string(),
  server: z.string().optional().describe("What the Server header says"),
  subprotocol: z.string().optional(),
  upgradeMs: z.number().describe("From the request to its answer"),
  refused: z
    .object({
      headers: z.record(z.string(), z.union([z.string(), z.array(z.string()).readonly()])),
      text: z.string().describe("The beginning of its body, as far as it came with the head"),
      seenAs: z.string().optional().describe("The source address that the refusal states"),
    })
    .optional()
    .describe("The answer in full, where it opens no WebSocket"),
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
    line(facts, "Seen as", ["refused"], ({ refused }) => refused.seenAs),
    line(facts, "Headers", ["refused"], ({ refused }) =>
      Object.entries(refused.headers).map(
        ([name, value]) => `${name}: ${[value].flat().join(", ")}`,
      ),
    ),
    line(facts, "Excerpt", ["refused"], ({ refused }) => refused.text.slice(0, 300) || undefined),
  ],
  gauges: [],
  expect: { subprotocol: oneOf(facts, "subprotocol", "The subprotocol that the server chose") },
} as const satisfies FactSheet<"upgrade", typeof facts>;
