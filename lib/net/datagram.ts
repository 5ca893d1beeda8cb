/** One question and one answer over UDP. */
import { createSocket } from "node:dgram";
import type { Peer } from "../policy/peer.ts";
import { blockListFor } from "./blocklist.ts";
import { udpFailure } from "./classify.ts";
import { admitSocket } from "./sockets.ts";

export interface Exchange {
  readonly payload: Uint8Array;
  /** Why a datagram is not the answer, or `undefined` when it is. */
  screen(bytes: Uint8Array): string | undefined;
  /** How long to wait; `undefined` comes back when nobody answered by then. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Sends the same datagram again at these times after the first, while nobody answers. */
  readonly again?: Again;
  /** Ours to ask from, where it matters that it is one that was used before. */
  readonly localPort?: number | undefined;
}

export interface Again {
  readonly afterMs: readonly number[];
  /** Told how often it was sent by now. */
  readonly sent: (times: number) => void;
}

export interface Heard {
  /** The answer; absent when it stayed silent. */
  readonly bytes?: Uint8Array;
  /** What gave away each datagram that was not the answer: evidence of spoofing or confusion. */
  readonly dropped: readonly string[];
  /** When the question left and when the waiting ended, by `performance.now()`. */
  readonly sentAt: number;
  readonly heardAt: number;
  /** Where we asked from. */
  readonly local: { readonly address: string; readonly port: number };
}

/** Enough to see a pattern; a flood is not worth more. */
const DROPPED_SHOWN = 16;

/**
 * Sends one datagram from a fresh, connected socket: a random port, the kernel drops other senders, and
 * a closed port says so at once (`udp.refused`). Rejects with a `Failure` or the reason of `signal`.
 */
export function exchange(peer: Peer, asked: Exchange): Promise<Heard> {
  const { payload, waitMs, signal } = asked;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const release = admitSocket();
    const dropped: string[] = [];
    let sentAt = performance.now();
    const socket = createSocket({
      type: peer.family === 4 ? "udp4" : "udp6",
      sendBlockList: blockListFor(peer),
    });
    let settled = false;
    let local = { address: "", port: 0 };
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      socket.close(release);
      act();
    };
    const fail = (error: Error) => settle(() => reject(udpFailure(error)));
    const abort = () => settle(() => reject(signal.reason));
    const end = (bytes?: Uint8Array, heardAt = performance.now()) =>
      settle(() =>
        resolve({ dropped, sentAt, heardAt, local, ...(bytes === undefined ? {} : { bytes }) }),
      );
    const timers = [setTimeout(end, waitMs)];
    signal.addEventListener("abort", abort);
    socket.on("error", fail);
    socket.on("message", (bytes) => {
      const now = performance.now();
      const why = asked.screen(bytes);
      if (why === undefined) end(bytes, now);
      else if (dropped.length < DROPPED_SHOWN) dropped.push(why);
    });
    if (asked.localPort !== undefined) socket.bind(asked.localPort);
    // The callback of connect() hears of a refused address only through its own argument.
    socket.connect(peer.port, peer.address, (error?: Error) => {
      if (error !== undefined) return fail(error);
      if (settled) return;
      const { address, port } = socket.address();
      local = { address, port };
      sentAt = performance.now();
      const send = () => socket.send(payload, (problem) => problem && fail(problem));
      send();
      timers.push(...repeat(send, asked.again));
    });
  });
}

function repeat(send: () => void, again: Again | undefined): NodeJS.Timeout[] {
  if (again === undefined) return [];
  const { afterMs, sent } = again;
  sent(1);
  return afterMs.map((ms, index) =>
    setTimeout(() => {
      send();
      sent(index + 2);
    }, ms),
  );
}
