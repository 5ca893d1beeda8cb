/** When a TLS handshake is settled: our side of it, and the server's. */
import type { TLSSocket } from "node:tls";
import { Failure } from "../failure.ts";
import { tlsFailure } from "./classify.ts";

/** Resolves when our side of the handshake is done. */
export function established(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      signal.removeEventListener("abort", abort);
      socket.off("error", fail).off("close", closed).off("secureConnect", done);
      act();
    };
    const fail = (error: Error) =>
      settle(() => reject(signal.aborted ? signal.reason : tlsFailure(error)));
    const abort = () => settle(() => reject(signal.reason));
    // A close_notify alert in mid-handshake closes without any error.
    const closed = () => fail(new Failure("tls.closed", "the server ended the handshake"));
    const done = () => settle(resolve);
    signal.addEventListener("abort", abort);
    socket.on("error", fail).on("close", closed).on("secureConnect", done);
  });
}

/**
 * In TLS 1.3 the client is done before the server has seen its certificate, or that it has none: the
 * alert comes a round trip later. A session ticket says that it was accepted. RFC 8446 §4.4.2.4, §4.6.1.
 */
export function outlast(socket: TLSSocket, ms: number, signal: AbortSignal): Promise<void> {
  if (socket.errored !== null) return Promise.reject(tlsFailure(socket.errored));
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      socket.off("error", fail).off("close", done).off("session", done);
      act();
    };
    const fail = (error: Error) => settle(() => reject(tlsFailure(error)));
    const done = () => settle(resolve);
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    socket.on("error", fail).on("close", done).on("session", done);
  });
}
