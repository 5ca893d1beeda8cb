/** Which local address the kernel would send from. */
import { createSocket } from "node:dgram";
import type { Peer } from "../policy/peer.ts";
import { blockListFor } from "./blocklist.ts";
import { udpFailure } from "./classify.ts";
import { admitSocket } from "./sockets.ts";

/**
 * Connects a UDP socket, which makes the kernel look up its route and sends nothing. Rejects with a
 * `Failure` when there is no route.
 */
export function sourceTowards(peer: Peer): Promise<string> {
  return new Promise((resolve, reject) => {
    const release = admitSocket();
    const type = peer.family === 4 ? "udp4" : "udp6";
    const socket = createSocket({ type, sendBlockList: blockListFor(peer) });
    const end = (act: () => void) => {
      socket.close(release);
      act();
    };
    socket.on("error", (error) => end(() => reject(udpFailure(error))));
    // The callback of connect() hears of a refused address only through its own argument.
    socket.connect(peer.port, peer.address, (error?: Error) => {
      if (error !== undefined) return end(() => reject(udpFailure(error)));
      const { address } = socket.address();
      end(() => resolve(address));
    });
  });
}
