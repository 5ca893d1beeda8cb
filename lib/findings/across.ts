/** What several checks of one suite say together, and none of them alone. Pure. */
import type { Leaf } from "../leaves.ts";
import type { Finding } from "../report.ts";
import { findingOf } from "./conclude.ts";
import type { Meaning } from "./rule.ts";

/** A check and how it ended, on each of its branches. */
export interface Checked {
  /** `host:port`, as it was asked for. */
  readonly place: string;
  readonly leaves: readonly Leaf[];
}

export interface AcrossRule extends Meaning {
  readonly code: string;
  /** `checks` were all made from one place. */
  when(checks: readonly Checked[]): { evidence: string; on: readonly string[] } | undefined;
}

/** Only what took the login by the public way got it by a rule about subnets. */
const takesLogins = ({ facts: { connect, login }, stopped }: Leaf) =>
  stopped === undefined && login?.outcome !== undefined && connect?.class !== "private";

export const acrossRules: readonly AcrossRule[] = [
  {
    code: "sql.vnet_rule_each",
    severity: "info",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "One SQL server admits this subnet, and another does not",
    why:
      "A service endpoint is switched on for a whole subnet: from then on every server that the subnet talks to " +
      "sees its private addresses, and each of them needs a virtual network rule of its own. That one server " +
      "accepts says nothing for the next, and rules about public addresses match no longer.",
    rivals: ["the server that accepts has a rule for all networks, and none for this subnet"],
    next: [
      "Give each server that refuses the rule that the accepting one has: az sql server vnet-rule create.",
      "Which other servers does this subnet talk to? They need the rule before the endpoint is switched on.",
    ],
    docs: "https://learn.microsoft.com/azure/azure-sql/database/vnet-service-endpoint-rule-overview",
    when(checks) {
      const refused = checks.filter(({ leaves }) =>
        leaves.some(({ stopped }) => stopped?.code === "sql.vnet_rule"),
      );
      const accepting = checks.filter(({ leaves }) => leaves.some(takesLogins));
      const on = [...new Set(refused.map(({ place }) => place))];
      const others = accepting.map(({ place }) => place).filter((place) => !on.includes(place));
      if (on.length === 0 || others.length === 0) return undefined;
      const evidence = `${on.join(", ")} answers a login with error 40914, ${[...new Set(others)].join(", ")} takes one from here`;
      return { evidence, on };
    },
  },
  {
    code: "outbound.seen_otherwise",
    severity: "info",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "Who refused saw another address than the internet does",
    why:
      "A refusal states the source address that it judged: one more sample of how this app is seen, and the only " +
      "one by that way. None of the samples that the outbound check took is the same, so an allow-list made from " +
      "those does not fit.",
    rivals: [
      "the app leaves from a pool of addresses, and the samples met others of it",
      "a route, a proxy or a firewall takes this destination another way",
      "a private address: a service endpoint or a private way brought the request there",
    ],
    next: [
      "Allow the address that the refusal states, or all that the app may leave from (possibleOutboundIpAddresses).",
      "Ask outbound with samples=5: does the address turn up among them?",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips",
    when(checks) {
      const leaves = checks.flatMap((check) => check.leaves);
      const usual = new Set(leaves.flatMap(({ facts }) => facts.egress?.addresses ?? []).map(of));
      const refused = checks.flatMap(({ place, leaves: ends }) =>
        ends.flatMap(({ facts: { request, upgrade, login } }) => {
          const address = request?.seenAs ?? upgrade?.refused?.seenAs ?? login?.seenAs;
          return address === undefined ? [] : [{ place, address }];
        }),
      );
      const others = refused.filter(
        ({ address }) => !usual.has(address) && [...usual].some((one) => areAlike(one, address)),
      );
      const [first] = others;
      if (first === undefined) return undefined;
      const evidence = `${first.place} saw ${first.address}, the outbound check ${[...usual].join(", ")}`;
      return { evidence, on: [...new Set(others.map(({ place }) => place))] };
    },
  },
];

const of = ({ address }: { readonly address: string }) => address;

/** Of one family: that there is no IPv6 among the samples says nothing of one. */
const areAlike = (one: string, other: string) => one.includes(":") === other.includes(":");

/** The findings of a suite itself: those of its checks stay with them. */
export function concludeAcross(checks: readonly Checked[]): Finding[] {
  return acrossRules.flatMap((rule) => {
    const seen = rule.when(checks);
    return seen === undefined ? [] : [findingOf(rule.code, rule, seen.evidence, [...seen.on])];
  });
}
