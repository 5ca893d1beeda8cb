/** What can be asked of a connection once it is open. */
import { banner } from "./stages/banner.ts";
import { connect } from "./stages/connect.ts";
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
