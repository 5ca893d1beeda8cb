/** What the samples of one run prove about the way out; addresses that were not seen stay possible. */
import type { Leaf } from "../leaves.ts";
import { isOwnWayOut } from "../platform/egress.ts";
import type { Rule } from "./rule.ts";

const nat = "https://learn.microsoft.com/azure/app-service/overview-nat-gateway-integration";
const addressesDocs = "https://learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips";

/** The facts of the whole run, at the first of its branches only. */
const wholeOf = (leaf: Leaf, all: readonly Leaf[]) =>
  all[0] === leaf ? leaf.facts.egress : undefined;

const seenOf = ({ addresses = [] }: { addresses?: readonly { address: string }[] }) =>
  addresses.map((one) => one.address).join(", ");

type Egress = NonNullable<Leaf["facts"]["egress"]>;

/** `20.50.1.2 by ipify, amazon (https); 20.50.1.3 by opendns (dns)` */
function sidesOf({ addresses = [], matrix = [] }: Egress): string {
  return addresses
    .map(({ address }) => {
      const voices = matrix.filter((one) => one.addresses.includes(address));
      return `${address} by ${voices.map((one) => `${one.operator} (${one.method})`).join(", ")}`;
    })
    .join("; ");
}

/** What the policy refused, or our own time cut short, tells nothing of the network. */
const isTried = ({ stopped }: Leaf) =>
  stopped !== undefined && !/^(?:policy|sonde)\./.test(stopped.code);

/** The first of the branches that got furthest. */
const isFurthest = (leaf: Leaf, all: readonly Leaf[]) =>
  all.find(({ depth }) => depth === Math.max(...all.map((one) => one.depth))) === leaf;

export const outboundRules: readonly Rule[] = [
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
      const [seen] = discarded;
      return `the echo saw ${seen?.address ?? "a private address"}; ${stopped.length} other samples got no answer`;
    },
  },
  {
    code: "outbound.own_way_unused",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    title: "Traffic leaves from the platform's addresses, and not by the way that was built for it",
    why:
      "A NAT gateway, firewall or network of the company's own is among the expected ways out, and every " +
      "address that was seen belongs to the platform: the traffic of these samples did not pass it.",
    rivals: [
      "the way was built for other destinations only, by route table",
      "the app joined the network moments ago, and this instance started before",
    ],
    next: [
      "Is all traffic sent into the network (outboundVnetRouting.allTraffic, formerly vnetRouteAllEnabled)?",
      "Does the integration subnet of this app have the NAT gateway, or the route table with the firewall?",
    ],
    docs: nat,
    before: "outbound.unexpected",
    when(leaf, all) {
      const { verdict, addresses = [], expectedLabels = [] } = wholeOf(leaf, all) ?? {};
      const unused = expectedLabels.filter(isOwnWayOut);
      if (unused.length === 0 || (verdict !== "platform" && verdict !== "possible")) {
        return undefined;
      }
      return `seen from ${seenOf({ addresses })}, and from none expected as ${unused.join(", ")}`;
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
      wholeOf(leaf, all)?.samples?.planned === 0 ? "no sample was planned" : undefined,
  },
  {
    code: "outbound.unexpected",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    title: "Traffic leaves from an address that is not expected",
    why: "Whoever allows only the expected addresses refuses this traffic.",
    rivals: [
      "the list of expected addresses is stale",
      "the plan has dynamic outbound addresses, which no list holds",
      "a route sends this destination another way than the others",
    ],
    next: [
      "Compare with possibleOutboundIpAddresses of the app and with the public addresses of its NAT gateway.",
      "Is the subnet of this app the one that the NAT gateway or route table belongs to?",
    ],
    docs: addressesDocs,
    when(leaf, all) {
      const { verdict, addresses = [] } = wholeOf(leaf, all) ?? {};
      const strangers = addresses.filter((one) => one.expectedAs === undefined);
      return verdict === "unexpected" ? `seen from ${seenOf({ addresses: strangers })}` : undefined;
    },
  },
  {
    code: "outbound.differs",
    severity: "info",
    blame: "network",
    confidence: "likely",
    title: "Operators see this host from different addresses",
    why:
      "Either the way out has a pool of addresses and picks one for each connection, or destinations are " +
      "routed differently.",
    rivals: [
      "UDP to name servers leaves by another way than HTTPS",
      "name servers that are intercepted show the address of whoever asked for us",
    ],
    next: ["Does the same operator see several addresses with samples=3? Then it is a pool."],
    docs: addressesDocs,
    when(leaf, all) {
      const egress = wholeOf(leaf, all);
      return egress?.agrees === false ? sidesOf(egress) : undefined;
    },
  },
  {
    code: "outbound.artefact",
    severity: "info",
    blame: "network",
    confidence: "likely",
    title: "Some answers were not the address of this host",
    why: "What a proxy, a client VPN or a private path shows says nothing about the way to the internet.",
    rivals: [],
    next: ["The discarded samples say why each of them does not count."],
    when: ({ facts: { sample } }) =>
      sample?.discarded === undefined
        ? undefined
        : `${sample.address ?? "an address"} of ${sample.operator}: ${sample.discarded}`,
  },
  {
    code: "outbound.inspected",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "TLS to a public operator is not trusted here",
    why:
      "The operator's certificate does not lead to a root that is trusted here: something on the way signs " +
      "traffic again. The address it showed is valid all the same.",
    rivals: ["the clock of this instance is wrong", "the operator's certificate is at fault"],
    next: [
      "Who issued the certificate? Trust that root, or exempt the destination from inspection.",
    ],
    when: ({ facts: { sample } }) =>
      sample?.trusted === false
        ? `${sample.destination}${sample.issuer === undefined ? "" : `, issued by ${sample.issuer}`}`
        : undefined,
  },
];
