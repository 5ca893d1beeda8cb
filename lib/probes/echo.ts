import * as z from "zod";
import * as field from "../fields.ts";
import { chainKeyFor } from "../platform/chain-keys.ts";
import type { Probe } from "../probe.ts";
import { arrive } from "../stages/arrive.ts";
import { chain } from "../stages/chain.ts";
import { connectFirst } from "../stages/connect-first.ts";
import { handshake } from "../stages/handshake.ts";
import { resolve } from "../stages/resolve.ts";
import { reported, type Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { alpnOf } from "../walks.ts";

const sonde = field
  .target({ schemes: { https: 443, http: 80 }, otherwise: "https" }, "Another Sonde, as a URL")
  .refine(({ path }) => !path.includes("?"), {
    error: "leave out the query: a key goes into chainKey, in the body of a POST",
  })
  .transform((target): Target => {
    const path = target.path.replace(/(?:\/api\/echo)?\/*$/, "");
    return { ...target, path: `${path}/api/echo` };
  });

/** Any further parameter is welcome: the echo shows what arrived and takes nothing from it. */
const fields = z.looseObject({
  view: z
    .enum(["all", "proxy"])
    .default("all")
    .describe("`proxy` shows the headers that something on the way sets, and not the client's own"),
  chain: sonde
    .optional()
    .describe(
      "Another Sonde, https://host[/prefix]: one request goes on to its echo, which tells as whom it left from here",
    ),
  chainKey: z
    .string()
    .min(8)
    .max(256)
    .regex(/^[\x21-\x7e]+$/, "a function key has no spaces")
    .optional()
    .describe("The function key of that Sonde; only in the body of a POST, or in SONDE_CHAIN_KEYS")
    .meta({ writeOnly: true }),
  timeoutMs: field.timeoutMs,
});

const input = fields.refine(
  ({ chain: next, chainKey }) => chainKey === undefined || next !== undefined,
  {
    path: ["chainKey"],
    error: "a key goes to another Sonde: give its URL in chain",
    when: ({ issues }) => issues.length === 0,
  },
);

export const echo: Probe<typeof input> = {
  name: "echo",
  title: "Request echo",
  summary: "Shows the request as it arrived, the hops it came by and the client behind them.",
  input,
  stages: [arrive, resolve, connectFirst, handshake, chain],
  cost: "light",
  example: "",
  connects: ({ chain: next }) => next !== undefined,

  async run({ view, chain: next, chainKey, timeoutMs }, trail) {
    trail.plan([arrive]);
    await trail.take(arrive, { ...trail.here.arrival, view });
    if (next === undefined) return;
    const key = chainKey ?? chainKeyFor(next, trail.here.environment);
    await goOn(trail, next, key, timeoutMs);
  },

  about: ({ chain: next }) => ({
    ...(next === undefined ? {} : { target: reported(next) }),
    notProved: [
      "what a hop in front removed or rewrote before the request came here",
      ...(next === undefined ? [] : ["that other destinations see the same source address"]),
    ],
    reproduce: [],
  }),
};

/** One request to the next Sonde, judged like any target. */
async function goOn(trail: Trail, target: Target, key: string | undefined, timeoutMs: number) {
  const isSecured = target.scheme === "https";
  trail.plan([resolve, connectFirst, ...(isSecured ? [handshake] : []), chain]);
  const peers = await trail.take(resolve, { target, kind: "http" });
  const waitMs = Math.max(1, Math.floor((timeoutMs * 0.9) / peers.length));
  using wire = await trail.take(connectFirst, { peers, waitMs });
  if (!isSecured) return await trail.take(chain, { wire, target, key });
  using secured = await trail.take(handshake, { wire, target, alpn: alpnOf("1.1") });
  return await trail.take(chain, { wire: secured, target, key });
}
