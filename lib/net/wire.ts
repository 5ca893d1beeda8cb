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
    read: (count, signal) => wait(socket, exactly(count), signal),
    readSome: (most, signal) => wait(socket, some(most), signal),
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

type Take = (socket: Socket) => Uint8Array | undefined;

/** Takes from the socket's own buffer: nothing is copied twice, nothing is kept. */
const exactly =
  (count: number): Take =>
  (socket) => {
    const bytes: unknown = socket.read(count);
    if (!(bytes instanceof Uint8Array)) return undefined;
    if (bytes.length === count) return bytes;
    throw new Failure("tcp.closed", "the peer closed the connection");
  };

/** Reading nothing is what makes an empty stream look for more. */
const some =
  (most: number): Take =>
  (socket) => {
    const bytes: unknown = socket.read(Math.min(socket.readableLength, most));
    return bytes instanceof Uint8Array ? bytes : undefined;
  };

function wait(socket: Socket, take: Take, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off("readable", onReadable).off("end", onEnd).off("error", onError);
      socket.off("close", onEnd);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const onReadable = () => {
      try {
        const bytes = take(socket);
        if (bytes !== undefined) settle(() => resolve(bytes));
        else if (socket.readableEnded) onEnd();
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const onEnd = () => settle(() => reject(goneBy(socket, "the peer closed the connection")));
    const onError = (error: Error) => settle(() => reject(tcpFailure(error)));
    const onAbort = () => settle(() => reject(signal.reason));
    if (signal.aborted) return reject(signal.reason);
    if (socket.destroyed) return reject(goneBy(socket, "the connection is gone"));
    signal.addEventListener("abort", onAbort);
    socket.on("readable", onReadable).on("end", onEnd).on("error", onError).on("close", onEnd);
    onReadable();
  });
}

/** A reset that came while nobody read is still a reset. */
function goneBy({ errored }: Socket, otherwise: string): Failure {
  return errored === null ? new Failure("tcp.closed", otherwise) : tcpFailure(errored);
}
