/** What can be asked of a connection once it is open. */
import { curl } from "./curl.ts";
import { banner } from "./stages/banner.ts";
import { roundMs } from "./clock.ts";
import { Failure } from "./failure.ts";
import { connect } from "./stages/connect.ts";
import { idle } from "./stages/idle.ts";
import { ladder, type Rung } from "./stages/ladder.ts";
import { rung } from "./stages/rung.ts";
import type { Trail } from "./trail.ts";
import type { Walk } from "./walk.ts";
import { open } from "./walks.ts";

/** A stage that ends by its own word, and not by the trail's, has to be done a little before. */
const shareOf = (timeoutMs: number) => Math.ceil(timeoutMs * 0.9);

/** Listens to what the server says first. */
export const listen = (timeoutMs: number): Walk => ({
  ...open,
  stages: [connect, banner],
  reproduce: ({ host, port }, address = host) => [`nc -v -w 5 ${address} ${port} </dev/null`],
  notProved: ["that the greeting is the application's and not a device's in front of it"],
  async walk(trail, peer) {
    using wire = await trail.take(connect, peer);
    await trail.take(banner, { wire, waitMs: shareOf(timeoutMs) });
  },
});

/**
 * Sends on one connection at once and on another after a silence: what the first one shows is the server's
 * way, and what only the second one shows is the silence's doing.
 */
export const staySilent = (idleMs: number, timeoutMs: number): Walk => ({
  ...open,
  stages: [connect, idle],
  connections: 2,
  atOnce: 16,
  reproduce: ({ host, port }, address = host) => [
    `(sleep ${Math.ceil(idleMs / 1000)}; echo; sleep 5) | nc -v ${address} ${port}`,
  ],
  notProved: ["that a longer silence is survived as well"],
  walk(trail, peer) {
    const label = (ms: number) =>
      ms === 0 ? `${peer.address} at once` : `${peer.address} after ${ms / 1000} s`;
    return trail.fork("attempts", [idleMs, 0], label, async (own, ms) => {
      using wire = await own.take(connect, peer);
      await own.take(idle, { wire, idleMs: ms, waitMs: shareOf(timeoutMs) });
    });
  },
});

/**
 * By how much requests are made larger, in octets: from what fits into any packet, by steps around what
 * tunnels leave of 1500, to what takes several packets.
 */
const sizes = [0, 600, 1000, 1150, 1250, 1350, 1450, 3000] as const;

/** The same request in several sizes: a path that loses large packets and not small ones shows. */
export const climbSizes = (timeoutMs: number): Walk => ({
  ...open,
  kind: "http",
  stages: [connect, rung],
  connections: sizes.length,
  notProved: ["that large answers come back, unless the target sends back what it is sent"],
  async walk(trail, peer, target) {
    const rungs: Rung[] = [];
    const label = (octets: number) => `${peer.address} +${octets}`;
    const ask = async (own: Trail, octets: number) => {
      const start = performance.now();
      const keep = (outcome: string) =>
        rungs.push({ octets, outcome, ms: roundMs(performance.now() - start) });
      try {
        using wire = await own.take(connect, peer);
        await own.take(rung, { wire, target, octets, waitMs: shareOf(timeoutMs) });
        keep("answered");
      } catch (error) {
        if (error instanceof Failure) keep(error.code);
        throw error;
      }
    };
    await trail.fork("attempts", sizes, label, ask);
    await trail.take(
      ladder,
      rungs.toSorted((a, b) => a.octets - b.octets),
    );
  },
  reproduce: (target) => [
    curl(target, ["-o", "/dev/null"]),
    curl(target, ["-o", "/dev/null", "-H", `"x-padding: $(printf %01450d 0)"`]),
    `ping -M do -s 1472 ${target.host}`,
  ],
});
