/** The phases before a request: how long what had to come first took. */
import { roundMs } from "./clock.ts";
import type { SecuredWire } from "./stages/handshake.ts";

type Phase = "dns" | "connect" | "tls";

/** Knows what it took to get it, without what this process did beside. */
interface Reached {
  readonly connectMs: number;
}

/** Times the stages before a request, for its phases. */
export function timesOf() {
  const spent: Partial<Record<Phase, number>> = {};
  return {
    spent,
    async resolve<T>(stage: Promise<T>): Promise<T> {
      const start = performance.now();
      const result = await stage;
      spent.dns = roundMs(performance.now() - start);
      return result;
    },
    async connect<T extends Reached>(stage: Promise<T>): Promise<T> {
      const wire = await stage;
      spent.connect = roundMs(wire.connectMs);
      return wire;
    },
    /** The first handshake of a process reads trust stores as well, which is nobody's phase. */
    async secure(stage: Promise<SecuredWire>): Promise<SecuredWire> {
      const wire = await stage;
      spent.tls = roundMs(wire.handshakeMs);
      return wire;
    },
  };
}
