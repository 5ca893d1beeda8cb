/** What the samples of one run prove about the way out; addresses that were not seen stay possible. */
import type { Leaf } from "../../leaves.ts";
import { isOwnWayOut } from "../../platform/egress.ts";
import type { Rule } from "../rule.ts";

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

export const wayOutRules: readonly Rule[] = [
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
    // Another Sonde is nobody public, and may have a certificate of the company's own.
    when: ({ facts: { sample } }) =>
      sample?.trusted === false && sample.method !== "echo"
        ? `${sample.destination}${sample.issuer === undefined ? "" : `, issued by ${sample.issuer}`}`
        : undefined,
  },
];
