/**
 * The hops a request took, from the client to this process, as far as its headers tell.
 *
 * A header proves a hop only where the next trusted hop overwrites it: the front end's headers inside
 * an App Service process, Envoy's inside the container app they name. All others can be written by
 * anyone who can reach this process, and are claims.
 */
import type { ClientAddress } from "./client.ts";
import { gateways } from "./gateways.ts";
import { landings, someProxy } from "./landings.ts";
import { legInto, legIntoWorker } from "./legs.ts";
import type { Hop, Seen } from "./seen.ts";

/** The hops between the client and this process, outermost first. Never throws. */
export function hopsBetween(seen: Seen): readonly Hop[] {
  const named = [...gateways(seen), ...landings(seen)];
  const found = named.length > 0 ? named : someProxy(seen.headers);
  return found.map((hop, index) => ({ ...hop, ...legInto(seen, hop.kind, index === 0) }));
}

/** The whole way: the client, what was found between, and this process. */
export function wayOf(seen: Seen, between: readonly Hop[], client: ClientAddress): readonly Hop[] {
  return [
    { kind: "client", confidence: client.confidence, evidence: client.evidence, tls: "none" },
    ...between,
    {
      kind: "worker",
      confidence: "proven",
      evidence: [seen.platform.platform],
      ...legIntoWorker(seen, between.length === 0),
    },
  ];
}

/** The scheme the client used, as the outermost hop tells it, or the URL when there is none. */
export function schemeOf(seen: Seen, between: readonly Hop[]): string | undefined {
  const leg = between[0]?.tls ?? "unknown";
  if (leg === "tls") return "https";
  return leg === "plain" ? "http" : seen.scheme;
}
