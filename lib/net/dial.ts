/** Opens a TCP connection to one judged address. */
import { connect, type Socket } from "node:net";
import type { Peer } from "../policy/peer.ts";
import { blockListFor } from "./blocklist.ts";
import { tcpFailure } from "./classify.ts";
import { admitSocket } from "./sockets.ts";
import { afterTheTurn, atTheEdge, startWait } from "./turns.ts";
import { wireOver, type SocketWire } from "./wire.ts";

export interface DialledWire extends SocketWire {
  /** From the call that sends the SYN to the word that the connection stands. */
  readonly connectMs: number;
  /** By how much that may be too long, as far as this process can know. */
  readonly mostLateMs: number;
}

/**
 * Dials the peer's literal: no name, no resolver, no Happy Eyeballs. Rejects with a `Failure` (`tcp.*`,
 * `sonde.busy`) or with the reason of `signal`; the socket is gone by then.
 */
export async function dial(peer: Peer, signal: AbortSignal): Promise<DialledWire> {
  signal.throwIfAborted();
  const release = admitSocket();
  await atTheEdge();
  if (signal.aborted) {
    release();
    throw signal.reason;
  }
  const dialled = await open(peer, signal, release);
  await afterTheTurn();
  return dialled;
}

function open(peer: Peer, signal: AbortSignal, release: () => void): Promise<DialledWire> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: peer.address,
      port: peer.port,
      family: peer.family,
      autoSelectFamily: false,
      blockList: blockListFor(peer),
      noDelay: true,
    });
    const fail = (error: Error) => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      reject(signal.aborted ? signal.reason : tcpFailure(error));
    };
    const abort = () => socket.destroy(signal.reason);
    let wait = startWait();
    // Node sets the socket up in one turn of the loop and dials in the next, with this word before.
    socket.once("connectionAttempt", () => {
      wait = startWait();
    });
    socket.once("close", release);
    socket.once("error", fail);
    socket.once("connect", () => {
      const { ms, mostLateMs } = wait.end();
      signal.removeEventListener("abort", abort);
      socket.off("error", fail);
      socket.on("error", ignore);
      if (isStranger(socket, peer)) {
        socket.destroy();
        reject(new Error("the connected address is not the one that was judged"));
      } else resolve({ ...wireOver(socket, peer), connectMs: ms, mostLateMs });
    });
    signal.addEventListener("abort", abort);
  });
}

/** Whoever reads hears of errors through the read; a socket must never be without a listener. */
function ignore(): void {}

/** The connection must be to whom we judged: anything else is a fault of ours, not an answer. */
function isStranger(socket: Socket, peer: Peer): boolean {
  return socket.remoteAddress !== undefined && socket.remoteAddress !== peer.address;
}
