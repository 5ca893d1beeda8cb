import { roundMs } from "../clock.ts";
import { rungSheet as sheet } from "../facts/rung.ts";
import { smallContext } from "../net/contexts.ts";
import { request as exchange } from "../net/request.ts";
import { secure } from "../net/secure.ts";
import type { SocketWire } from "../net/wire.ts";
import type { At, Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { agentOf } from "./agent.ts";
import { namesFor } from "./handshake.ts";
import { urlOf } from "./request.ts";
import { within } from "./within.ts";

export interface Padded {
  readonly wire: SocketWire;
  readonly target: Target;
  /** By how much the request is made larger. */
  readonly octets: number;
  /** How long TLS may take, where the target speaks it. */
  readonly waitMs: number;
}

/** Of the answer: as much as was sent comes back from a target that sends it back. */
const MOST = 64 * 1024;

/** Sends a request with a header of so many octets. Whatever it is answered with: it came through. */
export const rung: Stage<Padded, void, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run({ wire, target, octets, waitMs }, at) {
    at.note({ octets });
    if (target.scheme === "http") return send(wire, target, octets, at);
    const begun = (own: AbortSignal) => begin(wire, target, own);
    const secured = await within(waitMs, at.signal, "tls.timeout", begun);
    using over = secured.wire;
    at.note({ protocol: secured.protocol });
    return await send(over, target, octets, at);
  },
};

/**
 * TLS with a ClientHello that fits into any packet, so that the request is the first that does not; over
 * HTTP/1.1, as HTTP/2 would compress what makes the difference.
 */
function begin(wire: SocketWire, target: Target, signal: AbortSignal) {
  const names = namesFor({ target });
  return secure(wire, { ...names, alpn: ["http/1.1"], context: smallContext(), signal });
}

async function send(
  wire: SocketWire,
  target: Target,
  octets: number,
  { signal, here, note }: At<typeof sheet>,
): Promise<void> {
  const headers = {
    "user-agent": agentOf(here),
    accept: "*/*",
    "cdn-loop": here.loopToken,
    ...(octets === 0 ? {} : { "x-sonde-padding": "x".repeat(octets) }),
  };
  const { origin } = urlOf(target);
  const asked = { origin, method: "GET", path: target.path, headers, mostBytes: MOST } as const;
  await exchange(wire, { ...asked, signal }, ({ status, firstByteAt }) => {
    if (status !== undefined) note({ status });
    if (firstByteAt !== undefined) note({ answerMs: roundMs(firstByteAt) });
  });
}
