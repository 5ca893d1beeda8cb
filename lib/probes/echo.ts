import * as z from "zod";
import type { Probe } from "../probe.ts";
import { arrive } from "../stages/arrive.ts";

/** Any further parameter is welcome: the echo shows what arrived and takes nothing from it. */
const input = z.looseObject({
  view: z
    .enum(["all", "proxy"])
    .default("all")
    .describe("`proxy` shows the headers that something on the way sets, and not the client's own"),
});

export const echo: Probe<typeof input> = {
  name: "echo",
  title: "Request echo",
  summary: "Shows the request as it arrived, the hops it came by and the client behind them.",
  input,
  stages: [arrive],
  cost: "light",
  example: "",

  async run({ view }, trail) {
    trail.plan([arrive]);
    await trail.take(arrive, { ...trail.here.arrival, view });
  },

  about: () => ({
    notProved: ["what a hop in front removed or rewrote before the request came here"],
    reproduce: [],
  }),
};
