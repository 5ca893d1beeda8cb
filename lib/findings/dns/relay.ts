/** Names of hybrid connections: the platform answers them for the app, and no name server knows them. */
import type { Leaf } from "../../leaves.ts";
import type { Rule } from "../rule.ts";
import { answered, denied, isLocal, viewsOf } from "./views.ts";

const docs = "https://learn.microsoft.com/azure/app-service/app-service-hybrid-connections";

/** The application's own view of a name that WEBSITE_RELAYS lists. */
const isRelay = ({ facts: { query } }: Leaf) =>
  query?.relay === true && query.transport === "system";

const servers = (leaf: Leaf, all: readonly Leaf[]) =>
  viewsOf(leaf, all).filter((one) => !isLocal(one));

/** The application has an answer that every name server denies: it comes from the platform's own hook. */
export function isInEffect(leaf: Leaf, all: readonly Leaf[]): boolean {
  const others = servers(leaf, all);
  return isRelay(leaf) && answered(leaf) && others.length > 0 && others.every(denied);
}

export const relayRules: readonly Rule[] = [
  {
    code: "dns.hybrid_connection",
    settles: ["dns.nxdomain", "dns.nodata", "dns.cname_dangling"],
    severity: "info",
    blame: "platform",
    confidence: "likely",
    basis: "documents",
    title: "A hybrid connection is in effect for this name",
    why:
      "The name is listed as a hybrid connection of this app, the application is given an address for it, and no " +
      "name server knows it: the platform answers. Connections to it go to the relay, not into the virtual network.",
    rivals: ["the hosts file of this host names it"],
    next: [
      "Only an answer in the target's own protocol proves the target: a connection may end at the platform. /api/check?target=HOST:PORT",
    ],
    docs,
    when: (leaf, all) =>
      isInEffect(leaf, all)
        ? `${leaf.facts.query?.question?.name} answers here, and ${servers(leaf, all).length} name servers deny it`
        : undefined,
  },
  {
    code: "dns.hybrid_not_in_effect",
    severity: "warn",
    blame: "platform",
    confidence: "likely",
    basis: "documents",
    title: "A hybrid connection is listed, and not in effect",
    why:
      "The name is listed as a hybrid connection of this app, and the application is given no address for it. " +
      "The platform would answer such a name before any name server.",
    rivals: ["the connection was added after this instance had started"],
    next: [
      "Does the portal show the connection as connected, with the connection manager online?",
      "Is the name spelled as in the connection, with the same port? Restart the app after a change.",
    ],
    docs,
    when: (leaf) =>
      isRelay(leaf) && denied(leaf)
        ? `${leaf.facts.query?.question?.name} has no address here`
        : undefined,
  },
];
