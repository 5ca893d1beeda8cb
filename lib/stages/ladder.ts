import type * as z from "zod";
import { ladderSheet as sheet } from "../facts/ladder.ts";
import type { Stage } from "../stage.ts";

export type Rung = z.infer<(typeof sheet)["facts"]>["rungs"][number];

/** Compares requests of several sizes that were sent before. Nothing is sent. */
export const ladder: Stage<readonly Rung[], void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run(rungs, { note }) {
    note({ rungs: [...rungs] });
    const passed = rungs.findLast(({ outcome }) => outcome === "answered");
    if (passed !== undefined) note({ passedOctets: passed.octets });
    const larger = rungs.filter(({ octets }) => octets > (passed?.octets ?? -1));
    const silent = larger.every(({ outcome }) => outcome === "http.timeout");
    const [first] = larger;
    if (first !== undefined && silent) note({ stalledOctets: first.octets });
  },
};
