import * as z from "zod";
import { Failure, type Code } from "../failure.ts";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { date } from "../stages/date.ts";
import { resolve } from "../stages/resolve.ts";
import { asked, type Target } from "../target.ts";
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
    .describe(
      "How often each server is asked while it answers; the answer with the shortest delay counts. " +
        "A server that stays silent is sent four questions at most",
    ),
  date: field
    .target(
      { schemes: { https: 443, http: 80 }, otherwise: "https" },
      "A web server that is asked for its `Date` where NTP gets no answer: a coarse second opinion, as in www.example",
    )
    .optional(),
  timeoutMs: field.timeoutMs,
});

/** The noes behind which the time stays unknown although the network may let other traffic through. */
const shut = new Set<Code>(["ntp.timeout", "udp.refused", "udp.failed"]);

/** Of the time a stage may take, where something is to follow its silence. */
const PART = 0.8;

/** Keeps the no of NTP, looks for a second opinion, and ends with the no all the same. */
function withSecondOpinion(recipe: Walk, web: Target | undefined): Walk {
  if (web === undefined) return recipe;
  return {
    ...recipe,
    async walk(trail, peer, target) {
      try {
        await recipe.walk(trail, peer, target);
      } catch (no) {
        if (!(no instanceof Failure) || !shut.has(no.code)) throw no;
        await trail.take(date, web);
        throw no;
      }
    },
  };
}

const recipe = askTime(1, 1);

export const ntp: Probe<typeof input> = {
  name: "ntp",
  title: "Time server",
  summary:
    "Asks every address of an NTP server for the time and compares this host's clock with it.",
  input,
  stages: [resolve, ...recipe.stages, date],
  cost: "medium",
  example: "target=127.0.0.1:11123&samples=4",
  run({ target, samples, date: web, timeoutMs }, trail) {
    // A trail that ran out of patience takes no further stage: the silence has to end a little before.
    const waitMs = web === undefined ? timeoutMs : Math.ceil(timeoutMs * PART);
    return climb(trail, target, withSecondOpinion(askTime(samples, waitMs), web));
  },
  about: ({ target }) => ({
    target: asked(target),
    notProved: recipe.notProved,
    reproduce: recipe.reproduce(target),
  }),
};
