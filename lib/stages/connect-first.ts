import { connectSheet as sheet } from "../facts/connect.ts";
import { Failure } from "../failure.ts";
import type { SocketWire } from "../net/wire.ts";
import type { Peer } from "../policy/peer.ts";
import type { Stage } from "../stage.ts";
import { connect } from "./connect.ts";

export interface Candidates {
  readonly peers: readonly Peer[];
  /** How long one address may keep the others waiting. */
  readonly waitMs: number;
}

/**
 * Connects to the first address that answers, in the resolver's order, as a client would that tries
 * one after the other. The ones that said no before are kept as `tried`.
 */
export const connectFirst: Stage<Candidates, SocketWire, typeof sheet> = {
  ...sheet,
  silence: "tcp.timeout",

  async run({ peers, waitMs }, at) {
    const tried: { address: string; code: string }[] = [];
    let last: Failure | undefined;
    for (const peer of peers) {
      const patience = patienceFor(waitMs, at.signal);
      try {
        return await connect.run(peer, { ...at, signal: patience.signal });
      } catch (error) {
        if (!(error instanceof Failure) || at.signal.aborted) throw error;
        last = error;
        tried.push({ address: peer.address, code: error.code });
        at.note({ tried });
      } finally {
        patience.end();
      }
    }
    throw last ?? new Error("there was no address to connect to");
  },
};

/** Ends with the stage, or with the silence of one address; nothing of it outlives the attempt. */
function patienceFor(waitMs: number, stage: AbortSignal) {
  const control = new AbortController();
  const abort = () => control.abort(stage.reason);
  const timer = setTimeout(() => {
    const seconds = (waitMs / 1000).toFixed(1);
    control.abort(new Failure("tcp.timeout", `no answer within ${seconds} s`));
  }, waitMs);
  if (stage.aborted) abort();
  else stage.addEventListener("abort", abort);
  return {
    signal: control.signal,
    end() {
      clearTimeout(timer);
      stage.removeEventListener("abort", abort);
    },
  };
}
