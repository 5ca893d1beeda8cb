/** One exchange of heads over a wire, for what HTTP opens and then leaves: tunnels and upgrades. */
import { Failure } from "../failure.ts";
import type { SocketWire } from "../net/wire.ts";
import { readHead, type Head } from "../protocols/http/head.ts";

const CHUNK = 4096;

/** A head, and what came behind it. */
export type Answered = Head & { readonly after: Uint8Array };

/** Writes a head and reads the answer's, and not one octet is lost: what came behind it is `after`. */
export async function exchangeHead(
  wire: SocketWire,
  head: Uint8Array,
  signal: AbortSignal,
): Promise<Answered> {
  wire.write(head);
  let bytes = Buffer.alloc(0);
  for (;;) {
    bytes = Buffer.concat([bytes, await wire.readSome(CHUNK, signal)]);
    const found = readHead(bytes);
    if (found === "wrong") throw new Failure("http.malformed", "the answer is not a head of HTTP");
    if (found !== "more") return { ...found, after: bytes.subarray(bytes.length - found.rest) };
  }
}
