/** Who forwards what to whom: seen where one view goes the private way and another the public one. */
import type { Leaf } from "../../leaves.ts";
import { AZURE_DNS } from "../../platform/detect.ts";
import { isPrivateLinkName } from "../../platform/private-link.ts";
import type { Rule } from "../rule.ts";
import { addressesOf, answered, isLocal, viewsOf, whereOf } from "./views.ts";

const all = (leaf: Leaf, ...classes: readonly string[]) => {
  const found = addressesOf(leaf);
  return found.length > 0 && found.every((one) => classes.includes(one.class));
};

export const forwardingRules: readonly Rule[] = [
  {
    code: "dns.forwarder_missing",
    before: "dns.servers_disagree",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    title: "One server leads to the private endpoint, another to the public address",
    why:
      "Both pass the privatelink name. The server that ends public does not ask where the private zone is " +
      "linked: its conditional forwarder for the public zone is missing, or leads elsewhere.",
    rivals: [
      "the server that ends public belongs to another network, for which that is right",
      "a record or link that is new has not reached it yet: its cache still holds the public answer",
    ],
    next: [
      "Forward the public suffix, such as database.windows.net and not the privatelink one, from that server to Azure DNS (168.63.129.16) inside the VNet that the zone is linked to.",
      "Whom does the application ask? The system view shows which of the two it gets.",
    ],
    docs: "https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration",
    when(leaf, leaves) {
      // Azure's own resolver forwards nothing: where it ends public, no zone is linked.
      const isAzure = leaf.facts.query?.server === `${AZURE_DNS}:53`;
      if (isLocal(leaf) || isAzure || !all(leaf, "public")) return undefined;
      const by = leaf.facts.query?.chain?.find(isPrivateLinkName);
      if (by === undefined) return undefined;
      const inside = viewsOf(leaf, leaves).filter(
        (one) => answered(one) && !isLocal(one) && all(one, "private", "unique-local"),
      );
      return inside.length === 0
        ? undefined
        : `${by} is public at ${whereOf(leaf)} and private at ${inside.map(whereOf).join(", ")}`;
    },
  },
];
