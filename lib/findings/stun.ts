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
      const local = leaf.facts.stun?.local?.port;
      const same = all.filter(({ facts: { stun } }) => {
        return stun?.mapped !== undefined && stun.transport === "udp" && stun.local?.port === local;
      });
      if (local === undefined || same[0] !== leaf || same.length < 2) return undefined;
      const seen = same.map(
        ({ facts: { stun } }) => `${stun?.mapped?.address} port ${stun?.mapped?.port}`,
      );
      return new Set(seen).size > 1
        ? `port ${local} was seen as ${seen.join(" and as ")}`
        : undefined;
    },
  },
];
