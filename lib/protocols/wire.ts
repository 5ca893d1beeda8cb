/**
 * A byte stream to one judged peer, as protocols see it: no sockets, no addresses, no options.
 * `lib/net` makes them, plain or secured; whoever takes one disposes of it.
 */
export interface Wire extends Disposable {
  write(bytes: Uint8Array): void;
  /**
   * Exactly `count` bytes. Rejects with `tcp.closed` when the stream ends before, `tcp.reset` when it
   * is torn down, or with the reason of `signal`.
   */
  read(count: number, signal: AbortSignal): Promise<Uint8Array>;
  /** What has come: at least one byte, at most `most`. Rejects as `read` does. */
  readSome(most: number, signal: AbortSignal): Promise<Uint8Array>;
}
