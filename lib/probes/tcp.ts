import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { repeated } from "../repeat.ts";
import { resolve } from "../stages/resolve.ts";
import { tally } from "../stages/tally.ts";
import { asked } from "../target.ts";
import { climb } from "../walk.ts";
import { open, schemePorts } from "../walks.ts";

/** What all attempts and pauses of a repeated run may take together. */
const MOST_MS = 55_000;

const input = z
  .strictObject({
    target: field.target(
      { schemes: schemePorts, otherwise: "tcp" },
      "host:port, [v6]:port or a URL; a name is resolved as the application would",
    ),
    count: z.int().min(1).max(100).default(1).describe("How often each address is connected to"),
    intervalMs: z
      .int()
      .min(0)
      .max(10_000)
      .default(100)
      .describe("Pause between two attempts, in milliseconds"),
    timeoutMs: field.timeoutMs
      .unwrap()
      .optional()
      .describe("How long one attempt may wait; 5000, or less when many have to fit into a minute"),
  })
  .refine(({ count, intervalMs, timeoutMs = 1 }) => count * (intervalMs + timeoutMs) <= MOST_MS, {
    path: ["count"],
    error: `count × (intervalMs + timeoutMs) must fit into ${MOST_MS} ms`,
    when: ({ issues }) => issues.length === 0,
  });

export const tcp: Probe<typeof input> = {
  name: "tcp",
  title: "TCP connection",
  summary: "Opens a TCP connection to every address of a name, once or again and again.",
  input,
  stages: [resolve, ...open.stages, tally],
  cost: "medium",
  example: "target=127.0.0.1:7071",
  patienceMs: ({ count, intervalMs }) => Math.min(5000, Math.floor(MOST_MS / count) - intervalMs),
  run: ({ target, count, intervalMs }, trail) =>
    climb(trail, target, count === 1 ? open : repeated(open, { count, intervalMs })),
  about: ({ target }) => ({
    target: asked(target, "tcp"),
    notProved: open.notProved,
    reproduce: open.reproduce(target),
  }),
};
