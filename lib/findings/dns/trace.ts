/** What the way down the tree says. */
import type { Rule } from "../rule.ts";
import { isOnTheWay, whereOf } from "./views.ts";

export const traceRules: readonly Rule[] = [
  {
    code: "dns.trace_stopped",
    before: "dns.nxdomain", // the first of all that a server on the way can say
    severity: "fail",
    blame: "network",
    confidence: "likely",
    title: "The way down from the root ends before the name",
    why:
      "The servers above refer to this zone, and none of its servers that were asked gave an answer. A " +
      "resolver that goes this way itself gets no further; one that forwards to others may.",
    rivals: [
      "only forwarding is allowed out of this network: then no way down leads anywhere from here",
      "the zone's own servers are down",
    ],
    next: ["Do applications here resolve by forwarding? Then ask the forwarder, without trace=1."],
    when(leaf, all) {
      const way = all.filter(isOnTheWay);
      const { zone } = leaf.facts.query ?? {};
      const ofZone = way.filter((one) => one.facts.query?.zone === zone);
      const isLast = way.at(-1) === leaf;
      const stopped = ofZone.every((one) => one.stopped !== undefined && !isWord(one.stopped.code));
      return isLast && stopped
        ? ofZone.map((one) => `${whereOf(one)}: ${one.stopped?.code}`).join("; ")
        : undefined;
    },
  },
];

/** The servers' own word about the name is the end of the way, not a stop on it. */
function isWord(code: string): boolean {
  return ["dns.nxdomain", "dns.nodata", "dns.cname_dangling", "dns.cname_loop"].includes(code);
}
