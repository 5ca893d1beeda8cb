import { connectSheet as sheet } from "../facts/connect.ts";
import { roundMs } from "../clock.ts";
import { dial } from "../net/dial.ts";
import type { SocketWire } from "../net/wire.ts";
import type { Peer } from "../policy/peer.ts";
import type { Stage } from "../stage.ts";

/** Opens a TCP connection to one judged address. Whoever takes the wire disposes of it. */
export const connect: Stage<Peer, SocketWire, typeof sheet> = {
  ...sheet,
  silence: "tcp.timeout",

  async run(peer, { signal, note }) {
    const { address, port, family, class: where } = peer;
    note({ address, port, family, class: where });
    const wire = await dial(peer, signal);
    note({
      localAddress: wire.socket.localAddress ?? "",
      localPort: wire.socket.localPort ?? 0,
      connectMs: roundMs(wire.connectMs),
    });
    return wire;
  },
};
