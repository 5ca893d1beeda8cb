/**
 * What a stalled handshake does with a small ClientHello. The default one carries a post-quantum key
 * share, takes two segments, and there are middleboxes and servers that wait for the first alone.
 */
import type { z } from "zod";
import { roundMs } from "../clock.ts";
import type { sessionFacts } from "../facts/session.ts";
import { Failure } from "../failure.ts";
import { smallContext } from "../net/contexts.ts";
import { secure, type SecureOptions } from "../net/secure.ts";
import type { Peer } from "../policy/peer.ts";
import type { Reach } from "./reach.ts";

type SmallHello = NonNullable<z.infer<typeof sessionFacts>["smallHello"]>;

/** A server that has not said a word after this long is taken to have stalled. */
const STALLED_MS = 1000;

/** Where another attempt goes, and how it comes to TLS there. */
export interface Again {
  readonly peer: Peer;
  readonly reach: Reach;
}

export interface Stall {
  /** Ends the other attempt, if there is one, and waits until nothing of it is left. */
  end(): Promise<void>;
}

/**
 * Begins a second connection beside the first when the first stalls, so that both share one patience:
 * `seen` is told as soon as it begins, and again when it is answered.
 */
export function watchForStall(
  { peer, reach }: Again,
  options: SecureOptions,
  seen: (smallHello: SmallHello) => void,
): Stall {
  const control = new AbortController();
  let other: Promise<void> | undefined;
  const timer = setTimeout(() => {
    other = attempt({ peer, reach }, { ...options, signal: control.signal }, seen);
    // Looked at by `end`; until then a bug must not count as unhandled.
    other.catch(() => {});
  }, STALLED_MS);
  return {
    async end() {
      clearTimeout(timer);
      control.abort(new Failure("tls.timeout", "the first attempt is over"));
      await other;
    },
  };
}

async function attempt(
  { peer, reach }: Again,
  options: SecureOptions,
  seen: (smallHello: SmallHello) => void,
): Promise<void> {
  seen({ answered: false });
  let clientHelloBytes = 0;
  try {
    using wire = await reach(peer, options.signal);
    const context = smallContext();
    const overheard = (flight: { clientHelloBytes: number }) => ({ clientHelloBytes } = flight);
    const { completed: _first, ...own } = options;
    const { wire: secured, ms } = await secure(wire, { ...own, context, overheard });
    secured[Symbol.dispose]();
    seen({ answered: true, handshakeMs: roundMs(ms), clientHelloBytes });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}
