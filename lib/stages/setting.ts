import { settingSheet as sheet } from "../facts/setting.ts";
import { settingNamed, targetOf } from "../platform/dependencies.ts";
import type { Stage } from "../stage.ts";

/** What a setting of this app says about places; that it names one was seen when it was asked for. */
export const setting: Stage<string, void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  run(asked, { here, note }) {
    const found = settingNamed(asked, Object.entries(here.environment));
    if (found !== undefined && !("isUnreadable" in found)) {
      const { setting: name, places, reference, isConnectionString = false } = found;
      note({
        name,
        kind: isConnectionString ? "connection string" : "app setting",
        targets: places.map(targetOf),
        ...(reference === undefined ? {} : { reference }),
      });
    }
    return Promise.resolve();
  },
};
