import { deploymentSheet as sheet } from "../facts/deployment.ts";
import type { Stage } from "../stage.ts";

/** Counts this instance to those that answered before, which only the caller knows. Nothing is sent. */
export const deployment: Stage<readonly string[], void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run(before, { here, note }) {
    const { version, instance } = here.vantage;
    const seen = [...new Set([...before, instance ?? "unknown"])];
    note({ version, seen, instances: seen.length });
  },
};
