import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

const addressesOf = ({ facts }: Leaf) => facts.query?.addresses ?? facts.resolve?.addresses ?? [];
const isPrivate = (one: { class: string }) => ["private", "unique-local"].includes(one.class);

/** The label that marks the detour of every private endpoint, whatever the service. */
const privateLink = /(^|\.)privatelink(-global)?\./i;

export const dnsRules: readonly Rule[] = [
  {
    code: "dns.private_link_public",
    severity: "info",
    blame: "dns",
    confidence: "certain",
    title: "The private-link name ends at a public address",
    why:
      "The chain passes a privatelink name, so somebody has a private endpoint for this service, but " +
      "the resolver that answered here gives the public address.",
    rivals: [
      "the private endpoint belongs to somebody else, and public access is intended here",
      "the zone's link falls back to public DNS when the record is missing",
    ],
    next: [
      "If private access is intended: is the private DNS zone linked to the VNet whose resolver answers?",
      "With a custom DNS server: does it forward the public suffix, not the privatelink one, to Azure DNS?",
    ],
    when(leaf) {
      const chain = leaf.facts.query?.chain ?? [];
      const found = addressesOf(leaf).filter((one) => one.class === "public");
      const by = chain.find((name) => privateLink.test(name));
      return by !== undefined && found.length > 0
        ? `${by} ends at ${found.map((one) => one.address).join(", ")}`
        : undefined;
    },
  },
  {
    code: "dns.mixed_answers",
    severity: "warn",
    blame: "dns",
    confidence: "certain",
    title: "Private and public addresses in one answer",
    why: "Connections go to either kind in turn, over different paths and under different rules.",
    rivals: [],
    next: ["Which of the addresses is meant? Remove the others from the zone that answers here."],
    when(leaf) {
      const addresses = addressesOf(leaf);
      const mixed = addresses.some(isPrivate) && addresses.some((one) => one.class === "public");
      return mixed ? addresses.map((one) => `${one.address} (${one.class})`).join(", ") : undefined;
    },
  },
  {
    code: "dns.servers_disagree",
    severity: "warn",
    blame: "dns",
    confidence: "certain",
    title: "The servers give different addresses",
    why: "Which answer the application gets depends on the server that happens to be asked.",
    rivals: ["the name is balanced by DNS, and each server was caught at another turn"],
    next: ["Ask again: do the differences stay with the servers, or do they wander?"],
    when(leaf, all) {
      const known = all.filter((one) => one.facts.query?.rcode !== undefined);
      if (known[0] !== leaf) return undefined; // once for the run
      const sets = new Set(known.map(answerSet));
      return sets.size > 1
        ? known.map((one) => `${one.on ?? "here"}: ${answerSet(one) || "none"}`).join("; ")
        : undefined;
    },
  },
];

function answerSet(leaf: Leaf): string {
  return addressesOf(leaf)
    .map((one) => one.address)
    .toSorted()
    .join(", ");
}
