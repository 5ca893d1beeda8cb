import { ownSheet as sheet } from "../facts/own.ts";
import { entryOf, type Resolved } from "../platform/entry.ts";
import { classOf } from "../policy/classes.ts";
import type { Stage } from "../stage.ts";

/** Says by which door a name leads in. Nothing is sent, and nothing can fail. */
export const own: Stage<Resolved, void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run(seen, { note }) {
    const { name, role, addresses, aliases } = seen;
    note({
      name,
      role,
      ...entryOf(seen),
      addresses: addresses.map((address) => ({ address, class: classOf(address) })),
      aliases: [...aliases],
    });
  },
};
