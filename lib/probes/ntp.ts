import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { resolve } from "../stages/resolve.ts";
import { asked } from "../target.ts";
import { climb } from "../walk.ts";
import { askTime } from "../walks.ts";

const input = z.strictObject({
  target: field.target(
    { schemes: { ntp: 123 }, otherwise: "ntp" },
    "host[:123], [v6]:port or ntp://host; a name is resolved as the application would",
  ),
  samples: z
    .int()
    .min(1)
    .max(8)
    .default(1)
    .describe("How often each server is asked; the answer with the shortest delay counts"),
  timeoutMs: field.timeoutMs,
});

const recipe = askTime(1, 1);

export const ntp: Probe<typeof input> = {
  name: "ntp",
  title: "Time server",
  summary:
    "Asks every address of an NTP server for the time and compares this host's clock with it.",
  input,
  stages: [resolve, ...recipe.stages],
  cost: "medium",
  example: "target=127.0.0.1:11123&samples=4",
  run: ({ target, samples, timeoutMs }, trail) => climb(trail, target, askTime(samples, timeoutMs)),
  about: ({ target }) => ({
    target: asked(target),
    notProved: recipe.notProved,
    reproduce: recipe.reproduce(target),
  }),
};
