import { connectSheet as sheet } from "../facts/connect.ts";
import { Failure } from "../failure.ts";
import type { DialledWire } from "../net/dial.ts";
import type { Peer } from "../policy/peer.ts";
import type { Stage } from "../stage.ts";
import { connect } from "./connect.ts";
import { within } from "./within.ts";

export interface Candidates {
  readonly peers: readonly Peer[];
  /** How long one address may keep the others waiting. */
  readonly waitMs: number;
}

/**
 * Connects to the first address that answers, in the resolver's order, as a client would that tries
 * one after the other. The ones that said no before are kept as `tried`,
 * and their time counts.
 */
export const connectFirst: Stage<Candidates, DialledWire, typeof sheet> = {
  ...sheet,
  silence: "tcp.timeout",

  async run({ peers, waitMs }, at) {
    const start = performance.now();
    const tried: { address: string; code: string }[] = [];
    let last: Failure | undefined;
    for (const peer of peers) {
      const beforeMs = tried.length === 0 ? 0 : performance.now() - start;
      try {
        const wire = await within(waitMs, at.signal, "tcp.timeout", (signal) =>
          connect.run(peer, { ...at, signal }),
        );
        return { ...wire, connectMs: beforeMs + wire.connectMs };
      } catch (error) {
        if (!(error instanceof Failure) || at.signal.aborted) throw error;
        last = error;
        tried.push({ address: peer.address, code: error.code });
        at.note({ tried });
      }
    }
    throw last ?? new Error("there was no address to connect to");
  },
};
