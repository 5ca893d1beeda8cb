import { roundMs } from "../clock.ts";
import { raceSheet as sheet } from "../facts/race.ts";
import { oneByOne, race as raced, type Reached, type Tried } from "../protocols/eyeballs.ts";
import type { Stage } from "../stage.ts";

/** Works out what clients make of addresses that were tried before. Nothing is sent. */
export const race: Stage<readonly Tried[], void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run(tried, { note }) {
    const eyeballs = raced(tried);
    const patient = oneByOne(tried);
    if (eyeballs !== undefined) note({ eyeballs: rounded(eyeballs) });
    if (patient !== undefined) note({ oneByOne: rounded(patient) });
  },
};

const rounded = ({ address, afterMs }: Reached) => ({ address, afterMs: roundMs(afterMs) });
