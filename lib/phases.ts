/** The phases before a request: how long what had to come first took. */
import { roundMs } from "./clock.ts";
import type { SecuredWire } from "./stages/handshake.ts";

type Phase = "dns" | "connect" | "tls";

/** Times the stages before a request, for its phases. */
export function timesOf() {
  const spent: Partial<Record<Phase, number>> = {};
  return {
    spent,
    async take<T>(phase: Exclude<Phase, "tls">, stage: Promise<T>): Promise<T> {
      const start = performance.now();
      const result = await stage;
      spent[phase] = roundMs(performance.now() - start);
      return result;
    },
    /** The first handshake of a process reads trust stores as well, which is nobody's phase. */
    async secure(stage: Promise<SecuredWire>): Promise<SecuredWire> {
      const wire = await stage;
      spent.tls = roundMs(wire.handshakeMs);
      return wire;
    },
  };
}
