import { pastedSheet as sheet } from "../facts/pasted.ts";
import type { Stage } from "../stage.ts";
import type { Connection } from "../target.ts";

/** Says what was read of a connection string, and what was left out. Nothing is asked of anybody. */
export const pasted: Stage<Connection, void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  run({ place, leftOut }, { note }) {
    note({ place, leftOut: [...leftOut] });
    return Promise.resolve();
  },
};
