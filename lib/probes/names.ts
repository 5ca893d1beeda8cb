import * as z from "zod";
import * as field from "../fields.ts";
import { Failure } from "../failure.ts";
import { ownNames, type NameRole, type OwnName } from "../platform/entry.ts";
import type { Probe } from "../probe.ts";
import { followChain } from "../protocols/dns/chain.ts";
import { ask } from "../stages/ask.ts";
import { connect } from "../stages/connect.ts";
import { own } from "../stages/own.ts";
import { presented } from "../stages/presented.ts";
import { resolve } from "../stages/resolve.ts";
import type { Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { askView } from "./dns.ts";
import { input as dnsInput } from "./dns-input.ts";
import { labelOf, viewsOf } from "./dns-views.ts";

const host = field
  .place("A custom domain of the app", "optional")
  .refine(({ isAddress }) => !isAddress, { error: "a name is needed, not an address" })
  .transform(({ host: name }) => name);

const input = z.strictObject({
  hostname: z
    .array(host)
    .max(5)
    .default([])
    .describe("Names to look at beside the app's own: custom domains, a Front Door, a gateway"),
  port: z.int().min(1).max(65_535).default(443).describe("Where TLS is asked"),
  timeoutMs: field.timeoutMs,
});

type Asked = z.output<typeof input>;

/** The app's own names come first: what others lead to is told by comparing with them. */
export const names: Probe<typeof input> = {
  name: "names",
  title: "Own names",
  summary:
    "Looks the app's own names up in every view, dials them, and says which door each leads to.",
  input,
  stages: [ask, resolve, connect, presented, own],
  cost: "heavy",
  example: "hostname=localhost",

  async run(asked, trail) {
    const all = [
      // Deployment site first: whether the app has an address of its own shows beside it.
      ...ownNames(trail.here.environment).toReversed(),
      ...asked.hostname.map((name): OwnName => ({ name, role: "custom" })),
    ];
    if (all.length === 0) {
      throw new Failure("names.none", "the environment names no host, and hostname was not given");
    }
    const siblings: Partial<Record<NameRole, readonly string[]>> = {};
    // One after the other, since each is compared with those before.
    await trail.fork(
      "names",
      all,
      ({ name }) => name,
      (branch, one) => lookAt(branch, one, { asked, siblings }),
      1,
    );
  },

  about: ({ hostname }) => ({
    notProved: [
      "that others see the same: names may resolve in another way outside this network",
      "that the app behind the names answers",
    ],
    reproduce: hostname.map((name) => `dig ${name}`),
  }),
};

type Peers = Awaited<ReturnType<typeof resolve.run>>;

interface Looking {
  readonly asked: Asked;
  readonly siblings: Partial<Record<NameRole, readonly string[]>>;
}

async function lookAt(trail: Trail, one: OwnName, { asked, siblings }: Looking): Promise<void> {
  const { name, role } = one;
  trail.plan([resolve]);
  const target = { host: name, port: asked.port, isAddress: false, absolute: false };
  const found = await peersOf(trail, target);
  // Each view answers for itself: what follows is not its part.
  const aliases = await aliasesOf(trail, name, asked.timeoutMs);
  trail.plan([own, connect, presented]);
  const peers = found instanceof Failure ? [] : found;
  const addresses = peers.map(({ address }) => address);
  siblings[role] ??= addresses;
  await trail.take(own, { name, role, addresses, aliases, siblings });
  if (found instanceof Failure) throw found;
  await trail.fork(
    "addresses",
    peers,
    ({ address }) => address,
    (branch, peer) => knock(branch, peer, name),
  );
}

/** A name that has no address is told with the door it does not lead to. */
async function peersOf(
  trail: Trail,
  target: Pick<Target, "host" | "port" | "isAddress" | "absolute">,
): Promise<Peers | Failure> {
  try {
    return await trail.take(resolve, { target, kind: "tls", connections: 2 });
  } catch (error) {
    // Refused by the policy is not the same as leading nowhere.
    if (error instanceof Failure && error.code.startsWith("dns.")) return error;
    throw error;
  }
}

async function knock(branch: Trail, peer: Peers[number], name: string): Promise<void> {
  using wire = await branch.take(connect, peer);
  await branch.take(presented, { wire, peer, name });
}

/** Every view there is; what one of them does not know, another may. */
async function aliasesOf(trail: Trail, name: string, timeoutMs: number): Promise<string[]> {
  const question = dnsInput.parse({ name, views: "all", control: false, timeoutMs });
  const aliases = new Set<string>();
  await trail.fork(
    "servers",
    viewsOf(question, trail.here),
    (view) => labelOf(view, false),
    (branch, view) =>
      askView(branch, view, question, ({ answers }) => {
        const { chain } = followChain(`${name}.`, view.type, answers);
        for (const { target } of chain) aliases.add(target.replace(/\.$/, "").toLowerCase());
      }),
  );
  return [...aliases];
}
