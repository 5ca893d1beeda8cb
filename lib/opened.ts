/** What can be asked of a connection once it is open. */
import { banner } from "./stages/banner.ts";
import { connect } from "./stages/connect.ts";
import { idle } from "./stages/idle.ts";
import type { Walk } from "./walk.ts";
import { open } from "./walks.ts";

/** A stage that ends by its own word, and not by the trail's, has to be done a little before. */
const shareOf = (timeoutMs: number) => Math.ceil(timeoutMs * 0.9);

/** Listens to what the server says first. */
export const listen = (timeoutMs: number): Walk => ({
  ...open,
  stages: [connect, banner],
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
  notProved: ["that a longer silence is survived as well"],
  walk(trail, peer) {
    const label = (ms: number) =>
      ms === 0 ? `${peer.address} at once` : `${peer.address} after ${ms / 1000} s`;
    return trail.fork("attempts", [0, idleMs], label, async (own, ms) => {
      using wire = await own.take(connect, peer);
      await own.take(idle, { wire, idleMs: ms, waitMs: shareOf(timeoutMs) });
    });
  },
});
