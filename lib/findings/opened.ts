/** What became of connections that had opened: conclusions that compare one with another. */
import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

/** The connection to the same address on which the same was sent at once, and nothing was wrong. */
const healthyTwin = (leaf: Leaf, all: readonly Leaf[]) =>
  all.find(
    ({ facts, stopped }) =>
      stopped === undefined &&
      facts.idle?.outcome !== undefined &&
      facts.connect?.address === leaf.facts.connect?.address,
  );

/** Evidence where only the silence differs from a connection that nothing happened to. */
const bySilence = (leaf: Leaf, all: readonly Leaf[]) => {
  const { stopped } = leaf;
  if (stopped?.stage !== "idle" || healthyTwin(leaf, all) === undefined) return undefined;
  return `${stopped.message}; another connection took the same at once`;
};

/** Nothing was sent: the other side, or what stands for it, ended the connection by itself. */
const endedFirst = ({ facts }: Leaf) => facts.idle?.sent === undefined;

export const openedRules: readonly Rule[] = [
  {
    code: "tcp.idle_cut",
    severity: "fail",
    before: "tcp.unacknowledged",
    blame: "network",
    confidence: "likely",
    title: "The connection died while nothing was said",
    why:
      "What was sent after the silence met a reset or nobody, and the end had not been announced. Something " +
      "on the way forgot the connection. A pool that keeps it will hand it out and fail.",
    rivals: [
      "the server itself forgot it: it was restarted or moved meanwhile",
      "another instance of a load-balanced target answered, which does not know the connection",
    ],
    next: [
      "Repeat with smaller idleMs=: where is the limit? 240 s is usual for load balancers and NAT of Azure.",
      "Let the application send keepalives well below the limit, or keep pooled connections for less.",
      "Look for the idle time-out of the firewall or load balancer on the way, and whether it may send resets.",
    ],
    docs: "https://learn.microsoft.com/azure/load-balancer/load-balancer-tcp-reset",
    when: (leaf, all) => (endedFirst(leaf) ? undefined : bySilence(leaf, all)),
  },
  {
    code: "tcp.idle_closed",
    severity: "warn",
    before: "tcp.reset",
    blame: "target",
    confidence: "likely",
    title: "Idle connections are ended from the other side",
    why:
      "The connection was ended, and told so, before anything was sent. Whoever reuses connections has to be " +
      "ready for that, or to give them up earlier.",
    rivals: [
      "a proxy or load balancer on the way ended it in the server's name",
      "the service gives a client only so long to log in, and would not do it later",
    ],
    next: [
      "Compare with the idle time-out of the server, and of what stands in front of it.",
      "Keep pooled connections for less than that.",
    ],
    when: (leaf, all) => (endedFirst(leaf) ? bySilence(leaf, all) : undefined),
  },
  {
    code: "tcp.mtu_hole",
    severity: "fail",
    before: "http.timeout",
    blame: "network",
    confidence: "likely",
    title: "Small requests are answered, larger ones meet silence",
    why:
      "The same request goes through while it fits into a smaller packet, and every larger one is lost. So it " +
      "looks where a link carries smaller packets than both ends believe, and the message that should say so " +
      "(ICMP fragmentation needed, RFC 1191; packet too big, RFC 8201) is discarded.",
    rivals: [
      "a web application firewall or proxy holds long headers back without a word",
      "the packets are lost on the way back, where the target sends back what it is sent",
    ],
    next: [
      "ping -M do with the size that stalls and with one that passes: where is the limit?",
      "Clamp the MSS on the tunnel, VPN gateway or firewall to what its link carries, or lower the MTU of the ends.",
      "Let ICMP type 3 code 4 and ICMPv6 type 2 through.",
    ],
    docs: "https://www.rfc-editor.org/rfc/rfc2923",
    when(leaf, all) {
      const { ladder } = leaf.facts;
      // The sizes of one address share its ladder: it is said once.
      if (ladder === undefined || all.find((one) => one.facts.ladder === ladder) !== leaf)
        return undefined;
      const { passedOctets: passed, stalledOctets: stalled = Number.POSITIVE_INFINITY } = ladder;
      // More than that takes two packets of any link: whatever stalls it, it is not their size.
      if (passed === undefined || passed > 1350 || stalled > 3000) return undefined;
      return `answered with ${passed} octets more than an ordinary request, silent with ${stalled}`;
    },
  },
];
