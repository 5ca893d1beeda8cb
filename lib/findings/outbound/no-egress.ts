/** What it means when the samples of one run tell no public address. */
import type { Leaf } from "../../leaves.ts";
import { OWN_ECHO } from "../../platform/providers.ts";
import type { Rule } from "../rule.ts";

const nat = "https://learn.microsoft.com/azure/app-service/overview-nat-gateway-integration";

/** What the policy refused, or our own time cut short, tells nothing of the network. */
const isTried = ({ stopped }: Leaf) =>
  stopped !== undefined && !/^(?:policy|sonde)\./.test(stopped.code);

/** The first of the branches that got furthest. */
const isFurthest = (leaf: Leaf, all: readonly Leaf[]) =>
  all.find(({ depth }) => depth === Math.max(...all.map((one) => one.depth))) === leaf;

export const noEgressRules: readonly Rule[] = [
  {
    code: "outbound.no_egress",
    severity: "fail",
    blame: "network",
    confidence: "likely",
    title: "No way out to the internet was found",
    why:
      "None of the operators could be asked, over any method. Either there is no way from here to the internet, " +
      "or none to just these destinations. Where that is by design, it is no fault.",
    rivals: [
      "a firewall that allows only listed names, and these are not among them",
      "a default route to an appliance or gateway that does not answer",
      "a security rule that denies outbound traffic to the Internet tag",
      "a subnet without a NAT gateway, public address or other outbound method (private subnet)",
      "DNS servers that do not resolve public names",
    ],
    next: [
      "Is internet access meant to be closed? Then allow one of the operators, or ask SONDE_OUTBOUND_ECHO instead.",
      "What stopped each sample: names, silence, or refusals? The findings below tell.",
      "Does the route table of the subnet have a default route, and does its next hop answer?",
    ],
    docs: nat,
    before: "dns.nxdomain",
    when(leaf, all) {
      const { addresses, discarded } = leaf.facts.egress ?? {};
      if (addresses?.length !== 0 || discarded?.length !== 0) return undefined;
      const tried = all.filter(isTried);
      return isFurthest(leaf, tried) ? `none of ${tried.length} samples got an answer` : undefined;
    },
  },
  {
    code: "outbound.closed",
    severity: "warn",
    blame: "network",
    confidence: "possible",
    title: "Another Sonde was reached privately, and nobody on the internet",
    why:
      "The network works: a private path led to another Sonde. None of the operators on the internet told an " +
      "address. Where internet egress is closed on purpose, this is how it looks, and it is no fault.",
    rivals: [
      "internet egress is meant to be open, and a firewall or route table stops it",
      "only these operators are not allowed",
    ],
    next: [
      "Is internet access meant to be closed? Then narrow SONDE_OUTBOUND_PROVIDERS, or ask with method=echo.",
    ],
    docs: nat,
    before: "dns.nxdomain",
    when(leaf, all) {
      const { verdict, discarded = [] } = leaf.facts.egress ?? {};
      const stopped = all.filter(isTried);
      if (verdict !== "closed" || stopped.length === 0 || !isFurthest(leaf, all)) return undefined;
      // Another operator's answer may be discarded too.
      const seen = discarded.find(({ operator }) => operator === OWN_ECHO);
      return `the echo saw ${seen?.address ?? "a private address"}; ${stopped.length} samples of the internet got no answer`;
    },
  },
  {
    code: "outbound.nobody_to_ask",
    severity: "warn",
    blame: "caller",
    confidence: "certain",
    title: "There was nobody to ask",
    why: "No provider is left with this method and family, so nothing was sent and nothing is known.",
    rivals: [],
    next: [
      "Ask for another method or family, or look at SONDE_OUTBOUND_PROVIDERS and SONDE_OUTBOUND_ECHO.",
    ],
    when: (leaf, all) =>
      all[0] === leaf && leaf.facts.egress?.samples?.planned === 0
        ? "no sample was planned"
        : undefined,
  },
];
