import { sourceSheet as sheet } from "../facts/source.ts";
import { sourceTowards } from "../net/source.ts";
import { classOf } from "../policy/classes.ts";
import type { Peer } from "../policy/peer.ts";
import { endpointOf } from "../protocols/authority.ts";
import type { Stage } from "../stage.ts";

/** Asks the kernel which address and interface it would take. Nothing is sent. */
export const source: Stage<Peer, void, typeof sheet> = {
  ...sheet,
  silence: "udp.failed",

  async run(peer, { here, note }) {
    note({ destination: endpointOf(peer) });
    const localAddress = await sourceTowards(peer);
    const carrier = here.host.interfaces().find(({ address }) => address === localAddress);
    note({
      localAddress,
      class: classOf(localAddress),
      ...(carrier === undefined ? {} : { interface: carrier.name }),
    });
  },
};
