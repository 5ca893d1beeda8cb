/** A `Wire` over a socket. Only `lib/net` looks at the socket; everyone else reads and writes. */
import type { Socket } from "node:net";
import { Failure } from "../failure.ts";
import type { Peer } from "../policy/peer.ts";
import type { Wire } from "../protocols/wire.ts";
import { tcpFailure } from "./classify.ts";

export interface SocketWire extends Wire {
  readonly socket: Socket;
  readonly peer: Peer;
}

export function wireOver(socket: Socket, peer: Peer): SocketWire {
  return {
    socket,
    peer,
    write: (bytes) => void socket.write(bytes),
    read: (count, signal) => read(socket, count, signal),
    [Symbol.dispose]: () => hangUp(socket, peer),
  };
}

/**
 * Ends the connection. Where nothing was said to a public peer it ends with a reset: a SNAT port comes
 * back after 15 seconds then, and only after minutes when the connection is closed in good order.
 */
function hangUp(socket: Socket, peer: Peer): void {
  if (peer.class === "public" && socket.bytesWritten === 0) socket.resetAndDestroy();
  else socket.destroy();
}

/** Waits for `count` bytes in the socket's own buffer: nothing is copied twice, nothing is kept. */
function read(socket: Socket, count: number, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off("readable", onReadable).off("end", onEnd).off("error", onError);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const onReadable = () => {
      const bytes: unknown = socket.read(count);
      if (bytes instanceof Uint8Array && bytes.length === count) settle(() => resolve(bytes));
      else if (bytes !== null || socket.readableEnded) onEnd();
    };
    const onEnd = () =>
      settle(() => reject(new Failure("tcp.closed", "the peer closed the connection")));
    const onError = (error: Error) => settle(() => reject(tcpFailure(error)));
    const onAbort = () => settle(() => reject(signal.reason));
    if (signal.aborted) return reject(signal.reason);
    if (socket.destroyed) return reject(new Failure("tcp.closed", "the connection is gone"));
    signal.addEventListener("abort", onAbort);
    socket.on("readable", onReadable).on("end", onEnd).on("error", onError);
    onReadable();
  });
}
