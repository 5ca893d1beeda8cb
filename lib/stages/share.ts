import { shareSheet as sheet } from "../facts/share.ts";
import type { Share } from "../protocols/http/sharing.ts";
import type { Stage } from "../stage.ts";

/** Notes how calls that were made before were shared out. Nothing is sent. */
export const share: Stage<Share, void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run(counted, { note }) {
    note(counted);
  },
};
