import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { deployment } from "../stages/deployment.ts";
import { locate } from "../stages/locate.ts";

const input = z.strictObject({ seen: field.seen });

export const vantage: Probe<typeof input> = {
  name: "vantage",
  title: "Vantage",
  summary: "Shows where Sonde runs, what its network settings are, and for whom that place stands.",
  input,
  stages: [locate, deployment],
  cost: "light",
  example: "format=text",

  async run({ seen }, trail) {
    trail.plan([locate, deployment]);
    await trail.take(locate, trail.here.environment);
    await trail.take(deployment, seen);
  },

  about: () => ({
    notProved: ["settings that no variable mirrors: routing and DNS may be site properties"],
    reproduce: [],
  }),
};
