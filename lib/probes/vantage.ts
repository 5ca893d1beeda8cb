import * as z from "zod";
import type { Probe } from "../probe.ts";
import { locate } from "../stages/locate.ts";

const input = z.strictObject({});

export const vantage: Probe<typeof input> = {
  name: "vantage",
  title: "Vantage",
  summary: "Shows where Sonde runs, what its network settings are, and for whom that place stands.",
  input,
  stages: [locate],
  cost: "light",
  example: "format=text",

  async run(_asked, trail) {
    trail.plan([locate]);
    await trail.take(locate, trail.here.environment);
  },

  about: () => ({
    notProved: ["settings that no variable mirrors: routing and DNS may be site properties"],
    reproduce: [],
  }),
};
