/** DNS messages to octets and back, by dns2's codec with the parts replaced that it has not or has wrong. */
import type { Message, Query } from "./message.ts";

export interface Codec {
  /** The octets of a query. A TypeError when a name, type or class is none: judge those where they come in. */
  encodeQuery(query: Query): Uint8Array;
  /** What a message says. Throws only `Failure` with `dns.malformed`; lesser faults are `defects`. */
  decode(bytes: Uint8Array): Message;
}

let loading: Promise<Codec> | undefined;

/** Loads dns2 at the first call. Its only entry brings clients and servers along, which start-up need not pay for. */
export function codec(): Promise<Codec> {
  return (loading ??= load());
}

async function load(): Promise<Codec> {
  await import("dns2");
  throw new Error("not yet");
}
