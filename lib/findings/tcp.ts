import type { Rule } from "./rule.ts";

/** How long Linux and Windows wait before they send a lost SYN again, and again: RFC 6298 §2, §5.5. */
const retransmissions = [1000, 3000, 7000];

/** A connection that took just this long was not slow: its first SYN, or the answer, was lost. */
const NEAR_MS = 120;

export const tcpRules: readonly Rule[] = [
  {
    code: "tcp.lost_syn",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "A packet was lost while connecting",
    why:
      "The connection took as long as the operating system waits before it sends a lost SYN again. " +
      "The host is not slow: the first packet, or its answer, did not come through.",
    rivals: [
      "a load balancer that takes a moment to choose a backend",
      "outbound ports to this destination are nearly used up (SNAT)",
    ],
    next: ["Repeat with count=20: how many of the attempts take so long?"],
    when({ facts: { connect } }) {
      const ms = connect?.connectMs;
      const lost = retransmissions.some(
        (wait) => ms !== undefined && ms >= wait && ms < wait + NEAR_MS,
      );
      return lost ? `connected after ${ms} ms` : undefined;
    },
  },
  {
    code: "tcp.first_slow",
    severity: "info",
    blame: "network",
    confidence: "likely",
    title: "The first attempt was much slower than the rest",
    why: "Something on the way had to wake up: the first connection paid for it, the next ones did not.",
    rivals: [
      "a route or tunnel that is set up on demand (VPN, relay)",
      "a target that scales from zero",
      "address resolution on the last link",
    ],
    next: ["Repeat after some minutes of silence: does the first attempt pay again?"],
    when(leaf, all) {
      const { tally } = leaf.facts;
      // The attempts of one address share its tally: it is said once.
      if (all.find((one) => one.facts.tally === tally) !== leaf) return undefined;
      const { firstMs, medianMs, answered = 0 } = tally ?? {};
      if (firstMs === undefined || medianMs === undefined || answered < 3) return undefined;
      return firstMs > 20 && firstMs > medianMs * 5
        ? `the first took ${firstMs} ms, the median ${medianMs} ms`
        : undefined;
    },
  },
];
