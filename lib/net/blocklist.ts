/**
 * The floor once more, inside the connector: even a judged peer is dialled under a block list, so that
 * a fault above cannot become a connection. Built once per list of prefixes.
 */
import { BlockList } from "node:net";
import type { Peer } from "../policy/peer.ts";

const built = new WeakMap<Peer["blocked"], BlockList>();

export function blockListFor(peer: Peer): BlockList {
  let list = built.get(peer.blocked);
  if (list === undefined) {
    list = new BlockList();
    for (const prefix of peer.blocked) {
      list.addSubnet(prefix.address, prefix.length, prefix.family === 4 ? "ipv4" : "ipv6");
    }
    built.set(peer.blocked, list);
  }
  return list;
}
