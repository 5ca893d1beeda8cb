/** From the root, or a given server, downwards: each zone's servers in turn, until one answers for the name. */
import { endpointOf } from "../protocols/authority.ts";
import type { Message } from "../protocols/dns/message.ts";
import { referralIn, type Referral } from "../protocols/dns/referral.ts";
import { rootServers } from "../protocols/dns/root-hints.ts";
import { ask } from "../stages/ask.ts";
import { resolve } from "../stages/resolve.ts";
import type { Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import type { Asked } from "./dns-input.ts";
import { questionOf, typesOf } from "./dns-views.ts";

/** At most so many zones on the way, and servers of one that are asked: 36 questions in all. */
const ZONES_MOST = 12;
const SERVERS_MOST = 3;

interface Server {
  readonly host: string;
  readonly address: string | undefined;
  readonly port: number;
}

export async function trace(trail: Trail, asked: Asked): Promise<void> {
  const [type = "A"] = typesOf(asked);
  trail.plan([ask]);
  let zone = ".";
  let servers = startOf(asked);
  for (let depth = 0; depth < ZONES_MOST; depth += 1) {
    const below = belowOf(asked, zone, depth);
    const message = await askZone(trail, asked, { type, zone, servers, below });
    const next = message && below(message);
    if (next === undefined) return;
    zone = next.zone;
    servers = serversOf(next);
  }
}

type Below = (message: Message) => Referral | undefined;

/** Where an answer of `zone` leads on to; what leads nowhere, or too far, is no way on. */
function belowOf({ name }: Asked, zone: string, depth: number): Below {
  const wanted = `${name.replace(/\.$/, "")}.`;
  return (message) => (depth < ZONES_MOST - 1 ? referralIn(message, zone, wanted) : undefined);
}

function startOf({ server }: Asked): readonly Server[] {
  const given = server.map(({ host, isAddress, port }) => ({
    host,
    address: isAddress ? host : undefined,
    port,
  }));
  return given.length > 0 ? given : rootServers.map((one) => ({ ...one, port: 53 }));
}

function serversOf({ servers }: Referral): readonly Server[] {
  return servers.map((one) => ({ ...one, port: 53 }));
}

interface Step {
  readonly type: string;
  readonly zone: string;
  readonly servers: readonly Server[];
  readonly below: Below;
}

/** The first answer of a zone that leads on or ends the search; a server's own trouble does neither. */
async function askZone(trail: Trail, asked: Asked, step: Step): Promise<Message | undefined> {
  let found: Message | undefined;
  const heard = (message: Message) => void (found = message);
  for (const server of step.servers.slice(0, SERVERS_MOST)) {
    const label = labelOf(step.zone, server);
    const walk = (own: Trail) => askOne(own, asked, step, server, heard);
    await trail.fork("hops", [server], () => label, walk);
    if (found !== undefined && ["NOERROR", "NXDOMAIN"].includes(found.rcode)) return found;
  }
  return undefined;
}

/** Every server on the way is judged anew: whoever runs a zone chooses where its referral leads. */
async function askOne(
  own: Trail,
  asked: Asked,
  { type, zone, below }: Step,
  { host, address, port }: Server,
  heard: (message: Message) => void,
): Promise<void> {
  const target: Target = {
    input: host,
    scheme: "dns",
    host,
    isAddress: address === host,
    absolute: true,
    port,
    path: "/",
  };
  const hop = zone === "." ? "first" : "referral";
  const [peer] =
    address === undefined
      ? await own.take(resolve, { target, kind: "dns", hop })
      : own.here.admit({ host, port, kind: "dns", addresses: [address], hop });
  if (peer === undefined) throw new Error("a server was admitted without a peer");
  const question = { ...questionOf(asked, type, target), rd: false };
  const names = [question.name];
  await own.take(ask, {
    peer,
    target,
    question,
    names,
    way: { zone, leadsOn: (message) => below(message) !== undefined },
    unicode: undefined,
    origin: undefined,
    heard,
  });
}

function labelOf(zone: string, { host, address = host, port }: Server): string {
  return `${zone} at ${endpointOf({ address, port })}`;
}
