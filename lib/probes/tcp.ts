import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { burst, repeated } from "../repeat.ts";
import { resolve } from "../stages/resolve.ts";
import { tally } from "../stages/tally.ts";
import { asked, urlHost, type Target } from "../target.ts";
import type { Trail } from "../trail.ts";
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
    parallel: z
      .int()
      .min(1)
      .max(32)
      .default(1)
      .describe("How many connections are opened to each address at once, instead of count"),
    control: z
      .array(
        field.target(
          { schemes: schemePorts, otherwise: "tcp" },
          "A target to compare with, host:port",
        ),
      )
      .max(3)
      .default([])
      .describe(
        "Targets connected to once in the same run, to compare with: one private, one public",
      ),
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
  .refine(({ parallel, count }) => parallel === 1 || count === 1, {
    path: ["parallel"],
    error: "parallel and count exclude each other: one burst, or one after the other",
    when: ({ issues }) => issues.length === 0,
  })
  .refine(({ count, intervalMs, timeoutMs = 1 }) => count * (intervalMs + timeoutMs) <= MOST_MS, {
    path: ["count"],
    error: `count × (intervalMs + timeoutMs) must fit into ${MOST_MS} ms`,
    when: ({ issues }) => issues.length === 0,
  });

const shown = ({ host, port }: Target) => `${urlHost(host)}:${port}`;

/** One connection to the first address: enough to tell whether others are untouched. */
async function compare(own: Trail, target: Target): Promise<void> {
  const [peer] = await own.take(resolve, { target, kind: open.kind });
  if (peer !== undefined) await open.walk(own, peer, target);
}

export const tcp: Probe<typeof input> = {
  name: "tcp",
  title: "TCP connection",
  summary: "Opens a TCP connection to every address of a name, once or again and again.",
  input,
  stages: [resolve, ...open.stages, tally],
  cost: "medium",
  example: "target=127.0.0.1:7071",
  patienceMs: ({ count, intervalMs }) => Math.min(5000, Math.floor(MOST_MS / count) - intervalMs),
  async run({ target, count, intervalMs, parallel, control }, trail) {
    const controls = trail.fork("controls", control, shown, compare);
    const once = count === 1 ? open : repeated(open, { count, intervalMs });
    try {
      await climb(trail, target, parallel === 1 ? once : burst(open, parallel));
    } finally {
      await controls;
    }
  },
  about: ({ target }) => ({
    target: asked(target, "tcp"),
    notProved: open.notProved,
    reproduce: open.reproduce(target),
  }),
};
