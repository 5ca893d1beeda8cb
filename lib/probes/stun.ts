import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { placeOf } from "../protocols/authority.ts";
import { connect } from "../stages/connect.ts";
import { resolve } from "../stages/resolve.ts";
import { stun as stage } from "../stages/stun.ts";
import { reported, type Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { climb } from "../walk.ts";
import { askMapping } from "../walks.ts";

const rules = { schemes: { stun: 3478 }, otherwise: "stun" };

const input = z
  .strictObject({
    target: field.target(rules, "host[:3478], [v6]:port or stun://host"),
    transport: z.enum(["udp", "tcp"]).default("udp").describe("tcp where UDP does not get through"),
    second: field
      .target(rules, "Another server, asked from the same local port: what does a NAT make of it?")
      .optional(),
    timeoutMs: field.timeoutMs,
  })
  .refine(({ transport, second }) => second === undefined || transport === "udp", {
    path: ["second"],
    error: "a second server is asked over UDP only",
    when: ({ issues }) => issues.length === 0,
  });

/** One address of each server, of one family where both have it, one after the other, from the same port. */
async function compare(trail: Trail, targets: readonly Target[]): Promise<void> {
  let localPort: number | undefined;
  let family: 4 | 6 | undefined;
  const walk = async (own: Trail, target: Target) => {
    const peers = await own.take(resolve, { target, kind: "stun" });
    const peer = peers.find((one) => one.family === family) ?? peers[0];
    if (peer === undefined) return;
    family ??= peer.family;
    localPort = await own.take(stage, { peer, localPort, isSecond: target !== targets[0] });
  };
  await trail.fork("servers", targets, placeOf, walk, 1);
}

export const stun: Probe<typeof input> = {
  name: "stun",
  title: "Mapped address",
  summary: "Asks a STUN server where it sees this host come from, and whether UDP gets out at all.",
  input,
  stages: [resolve, connect, stage],
  cost: "medium",
  example: "target=127.0.0.1:3478",
  run: ({ target, second, transport }, trail) =>
    second === undefined
      ? climb(trail, target, askMapping(transport))
      : compare(trail, [target, second]),
  about: ({ target, second, transport }) => ({
    target: reported(target),
    notProved: askMapping(transport).notProved,
    reproduce: [target, second].flatMap((one) =>
      one === undefined ? [] : askMapping(transport).reproduce(one),
    ),
  }),
};
