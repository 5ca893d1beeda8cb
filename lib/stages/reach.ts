/** How TLS is come to on a connection of its own: at once, or after a service was talked into it. */
import { dial } from "../net/dial.ts";
import { frameTds } from "../net/tds.ts";
import type { Securable, SocketWire } from "../net/wire.ts";
import type { Peer } from "../policy/peer.ts";
import { talkOver } from "../protocols/talk.ts";
import type { Next, Service } from "../services/service.ts";
import type { Target } from "../target.ts";

/** Opens a connection that waits for a ClientHello. Rejects with a `Failure` or the reason of `signal`. */
export type Reach = (peer: Peer, signal: AbortSignal) => Promise<Securable & Disposable>;

/** What TLS is spoken over once both sides agreed on it. */
export function agreed(wire: SocketWire, next: Next): Securable {
  return next === "tls" || next === "done" ? wire : frameTds(wire);
}

/** Says everything again that the service wants to hear before TLS. */
export function through(
  service: Service,
  { host, scheme }: Pick<Target, "host" | "scheme">,
): Reach {
  return async (peer, signal) => {
    const wire = await dial(peer, signal);
    try {
      const next = await service.greet(talkOver(wire, signal), { note() {}, host, scheme });
      return { ...agreed(wire, next), [Symbol.dispose]: () => wire[Symbol.dispose]() };
    } catch (error) {
      wire[Symbol.dispose]();
      throw error;
    }
  };
}
