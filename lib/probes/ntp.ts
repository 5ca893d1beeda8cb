import * as z from "zod";
import { Failure } from "../failure.ts";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { httpDate } from "../stages/http-date.ts";
import { resolve } from "../stages/resolve.ts";
import { reported, type Target } from "../target.ts";
import { climb, type Walk } from "../walk.ts";
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
  httpDate: field
    .target(
      { schemes: { https: 443, http: 80 }, otherwise: "https" },
      "A web server whose Date is a coarse second opinion, to the second, when NTP gets no answer",
    )
    .optional(),
  timeoutMs: field.timeoutMs,
});

const recipe = askTime(1, 1);

/** UDP 123 is shut, or nobody is there: no answer of a time server at all. */
const unanswered: ReadonlySet<string> = new Set(["ntp.timeout", "udp.refused"]);

/** A tenth of the time is left, so that the stage ends before its patience does and another can follow. */
function askWith(samples: number, timeoutMs: number, date: Target | undefined): Walk {
  const walk = askTime(samples, date === undefined ? timeoutMs : 0.9 * timeoutMs);
  if (date === undefined) return walk;
  return {
    ...walk,
    stages: [...walk.stages, httpDate],
    async walk(trail, peer, target) {
      try {
        await walk.walk(trail, peer, target);
      } catch (error) {
        const isShut = error instanceof Failure && unanswered.has(error.code);
        if (isShut) await trail.take(httpDate, date);
        throw error;
      }
    },
  };
}

export const ntp: Probe<typeof input> = {
  name: "ntp",
  title: "Time server",
  summary:
    "Asks every address of an NTP server for the time and compares this host's clock with it.",
  input,
  stages: [resolve, ...recipe.stages, httpDate],
  cost: "medium",
  example: "target=127.0.0.1:11123&samples=4",
  run: ({ target, samples, timeoutMs, httpDate: date }, trail) =>
    climb(trail, target, askWith(samples, timeoutMs, date)),
  about: ({ target }) => ({
    target: reported(target),
    notProved: recipe.notProved,
    reproduce: recipe.reproduce(target),
  }),
};
