/** A `Wire` over a socket. Only `lib/net` looks at the socket; everyone else reads and writes. */
import type { Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";
import { TLSSocket } from "node:tls";
import { Failure } from "../failure.ts";
import type { Peer } from "../policy/peer.ts";
import type { Wire } from "../protocols/wire.ts";
import { tcpFailure } from "./classify.ts";

export interface SocketWire extends Wire {
  readonly socket: Socket;
  readonly peer: Peer;
}

/** What TLS can be spoken over: a socket, or a stream that takes the place of one. */
export interface Securable {
  readonly socket: Duplex;
  readonly peer: Peer;
}

export function wireOver(socket: Socket, peer: Peer): SocketWire {
  const wire = streamWire(socket);
  return { ...wire, socket, peer, [Symbol.dispose]: () => hangUp(socket, peer) };
}

/** A wire over any stream of octets. */
export function streamWire(stream: Duplex): Wire {
  return {
    write: (bytes) => void stream.write(bytes),
    read: (count, signal) => wait(stream, exactly(count), signal),
    readSome: (most, signal) => wait(stream, some(most), signal),
    [Symbol.dispose]: () => void stream.destroy(),
  };
}

/**
 * Ends the connection. Where nothing was said to a public peer it ends with a reset: a SNAT port comes
 * back after 15 seconds then, and only after minutes when the connection is closed in good order.
 */
function hangUp(socket: Socket, peer: Peer): void {
  // Only TCP itself can be reset; under TLS something was said in any case.
  const isUnused = !(socket instanceof TLSSocket) && socket.bytesWritten === 0;
  if (peer.class === "public" && isUnused) socket.resetAndDestroy();
  else socket.destroy();
}

type Take = (stream: Readable) => Uint8Array | undefined;

/** Takes from the stream's own buffer: nothing is copied twice, nothing is kept. */
const exactly =
  (count: number): Take =>
  (stream) => {
    const bytes: unknown = stream.read(count);
    if (!(bytes instanceof Uint8Array)) return undefined;
    if (bytes.length === count) return bytes;
    throw new Failure("tcp.closed", "the peer closed the connection");
  };

/** Reading nothing is what makes an empty stream look for more. */
const some =
  (most: number): Take =>
  (stream) => {
    const bytes: unknown = stream.read(Math.min(stream.readableLength, most));
    return bytes instanceof Uint8Array ? bytes : undefined;
  };

function wait(stream: Readable, take: Take, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      stream.off("readable", onReadable).off("end", onEnd).off("error", onError);
      stream.off("close", onEnd);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const onReadable = () => {
      try {
        const bytes = take(stream);
        if (bytes !== undefined) settle(() => resolve(bytes));
        else if (stream.readableEnded) onEnd();
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const onEnd = () => settle(() => reject(goneBy(stream, "the peer closed the connection")));
    const onError = (error: Error) => settle(() => reject(tcpFailure(error)));
    const onAbort = () => settle(() => reject(signal.reason));
    if (signal.aborted) return reject(signal.reason);
    if (stream.destroyed) return reject(goneBy(stream, "the connection is gone"));
    signal.addEventListener("abort", onAbort);
    stream.on("readable", onReadable).on("end", onEnd).on("error", onError).on("close", onEnd);
    onReadable();
  });
}

/** A reset that came while nobody read is still a reset. */
function goneBy({ errored }: Readable, otherwise: string): Failure {
  return errored === null ? new Failure("tcp.closed", otherwise) : tcpFailure(errored);
}
