import * as z from "zod";
import type { Probe } from "../probe.ts";
import { arrive } from "../stages/arrive.ts";

/** Any parameter is welcome: the echo shows what arrived and takes nothing from it. */
const input = z.looseObject({});

export const echo: Probe<typeof input> = {
  name: "echo",
  title: "Request echo",
  summary: "Shows the request as it arrived, the hops it came by and the client behind them.",
  input,
  stages: [arrive],
  cost: "light",
  example: "",

  async run(_asked, trail) {
    trail.plan([arrive]);
    await trail.take(arrive, trail.here.arrival);
  },

  about: () => ({
    notProved: ["what a hop in front removed or rewrote before the request came here"],
    reproduce: [],
  }),
};
