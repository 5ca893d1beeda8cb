import type { Leaf } from "../leaves.ts";
import { endpointOf } from "../protocols/authority.ts";
import type { Rule } from "./rule.ts";

/** What two servers saw of the same local port tells how the NAT on the way maps: RFC 4787 §4.1. */
export const stunRules: readonly Rule[] = [
  {
    code: "stun.symmetric_nat",
    severity: "warn",
    blame: "network",
    confidence: "certain",
    title: "The NAT maps the same port anew for each destination",
    why:
      "Two servers saw one local port under different addresses or ports. Peers that learned the one from " +
      "a server cannot send to it (address-dependent mapping, RFC 4787): media needs a relay.",
    rivals: ["the two requests left over different paths"],
    next: ["Use a relay (TURN) for media, or a NAT with endpoint-independent mapping."],
    when(leaf, all) {
      const { same, seen } = together(leaf, all);
      return same[0] === leaf && new Set(seen).size > 1
        ? `port ${leaf.facts.stun?.local?.port} was seen as ${seen.join(" and as ")}`
        : undefined;
    },
  },
  {
    code: "stun.same_mapping",
    severity: "info",
    blame: "network",
    confidence: "likely",
    title: "The NAT keeps one mapping for both servers",
    why:
      "Two servers at different addresses saw one local port as the same address and port (endpoint-independent " +
      "mapping, RFC 4787). Peers can be given what a server saw.",
    rivals: ["a NAT that keeps the port while it is free, and draws another when it is not"],
    next: [
      "Whether the NAT lets in what a stranger sends there is another question (filtering): try it with the peer.",
    ],
    docs: "https://www.rfc-editor.org/rfc/rfc4787#section-4.1",
    when(leaf, all) {
      const { same, seen } = together(leaf, all);
      const hosts = new Set(same.map(({ facts: { stun } }) => stun?.server?.replace(/:\d+$/, "")));
      const translated = same.every(({ facts: { stun } }) => stun?.translated === true);
      return same[0] === leaf && hosts.size > 1 && translated && new Set(seen).size === 1
        ? `port ${leaf.facts.stun?.local?.port} was seen as ${seen[0]} by ${same.length} servers`
        : undefined;
    },
  },
];

/**
 * The ends that were asked over UDP from the same local address and port as this one, and what was seen of it.
 * The same port of another address, or of the other family, is another socket: a NAT keeps no word about the two.
 */
function together(leaf: Leaf, all: readonly Leaf[]) {
  const from = socketOf(leaf);
  const same = all.filter((one) => from !== undefined && socketOf(one) === from);
  const seen = same.map(
    ({ facts: { stun } }) => `${stun?.mapped?.address} port ${stun?.mapped?.port}`,
  );
  return { same, seen };
}

/** Where an answer over UDP was asked from. */
function socketOf({ facts: { stun } }: Leaf): string | undefined {
  const { local, mapped, transport } = stun ?? {};
  const isAnswer = local !== undefined && mapped !== undefined && transport === "udp";
  return isAnswer ? endpointOf(local) : undefined;
}
