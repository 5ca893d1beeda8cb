/** Which address of a name a scrape goes to: one, of the family that the module prefers. */
import { Failure } from "../../failure.ts";
import { addressHash } from "../../protocols/fnv.ts";
import { resolve, type Wanted } from "../../stages/resolve.ts";
import type { Target } from "../../target.ts";
import type { Trail } from "../../trail.ts";
import { seconds, type Scrape } from "./recipe.ts";

export interface Preference {
  readonly family: 4 | 6;
  /** Whether the other family will do. */
  readonly fallback: boolean;
}

type Peers = Awaited<ReturnType<typeof resolve.run>>;

/** Resolves, has every address judged, and takes one. */
export async function pick(
  trail: Trail,
  wanted: Wanted,
  { family, fallback }: Preference,
): Promise<Peers[number]> {
  const peers = await trail.take(resolve, wanted);
  const found =
    peers.find((peer) => peer.family === family) ?? (fallback ? peers.at(-1) : undefined);
  if (found !== undefined) return found;
  const why = `the name has no IPv${family} address, and the module takes no other`;
  throw new Failure("dns.nodata", why);
}

interface Choosing extends Pick<Scrape, "gauges" | "say"> {
  /** Told how long it took to resolve, also in vain. */
  readonly resolved?: (lookupSeconds: number) => void;
}

/** The same for the first address of a scrape, which is counted. */
export async function choose(
  trail: Trail,
  target: Target,
  kind: Wanted["kind"],
  preference: Preference,
  { gauges, say, resolved }: Choosing,
): Promise<Peers[number]> {
  gauges.set("probe_ip_protocol", 0);
  gauges.set("probe_ip_addr_hash", 0);
  const start = performance.now();
  try {
    const peer = await pick(trail, { target, kind }, preference);
    gauges.set("probe_ip_protocol", peer.family);
    gauges.set("probe_ip_addr_hash", addressHash(peer.address));
    say(`goes to ${peer.address}`);
    return peer;
  } finally {
    const lookupSeconds = seconds(start);
    gauges.set("probe_dns_lookup_time_seconds", lookupSeconds);
    resolved?.(lookupSeconds);
  }
}
