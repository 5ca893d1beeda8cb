/** What the addresses mean that others see of this host: which are artefacts, and whom the rest belong to. */
import { parseAddress, type Address } from "../policy/address.ts";
import { classOf } from "../policy/classes.ts";
import { bitsOf, contains, prefix, prefixOf, type Prefix } from "../policy/prefix.ts";

/** https://www.cloudflare.com/ips: an address of the operator itself is a proxy's on the way. */
const cloudflare = (
  "173.245.48.0/20 103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 141.101.64.0/18 " +
  "108.162.192.0/18 190.93.240.0/20 188.114.96.0/20 197.234.240.0/22 198.41.128.0/17 " +
  "162.158.0.0/15 104.16.0.0/13 104.24.0.0/14 172.64.0.0/13 131.0.72.0/22 2400:cb00::/32 " +
  "2606:4700::/32 2803:f800::/32 2405:b500::/32 2405:8100::/32 2a06:98c0::/29 " +
  "2c0f:f248::/32 "
)
  .trim()
  .split(" ")
  .map(prefix);

/** Whether an IPv6 address of an interface may lead to the internet. */
export function isRoutable6(text: string): boolean {
  return text.includes(":") && classOf(text) === "public";
}

/** Why an address says nothing about the way to the internet; nothing when it does. */
export function artefact(text: string, operator: string, isEcho: boolean): string | undefined {
  const address = parseAddress(text);
  if (address === undefined) return "it is no address";
  const name = classOf(text);
  if (name !== "public") {
    return isEcho
      ? `it is ${name}: the echo is reached by a service or private endpoint, not over the internet`
      : `it is ${name}: a proxy on the way tells its own or a forwarded address`;
  }
  const isOwn = operator === "cloudflare" && cloudflare.some((each) => contains(each, address));
  return isOwn
    ? "it belongs to the operator that was asked: a proxy of theirs is on the way"
    : undefined;
}

/** An address that was expected, and as what. */
export interface ExpectedEgress {
  readonly label: string;
  readonly prefix: Prefix;
}

/** `[label=]address[/length],…`, separated by white space; undefined where a part cannot be read. */
export function readExpected(text: string): readonly ExpectedEgress[] | undefined {
  const found: ExpectedEgress[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const [, label = "expected", list = ""] = /^(?:([a-z][a-z-]{0,31})=)?(.+)$/i.exec(word) ?? [];
    const parts = list.split(",").filter(Boolean);
    // A label of nothing would be taken for an expectation, and hold no address.
    if (parts.length === 0) return undefined;
    for (const part of parts) {
      const block = readPrefix(part);
      if (block === undefined) return undefined;
      found.push({ label: label.toLowerCase(), prefix: block });
    }
  }
  return found;
}

function readPrefix(text: string): Prefix | undefined {
  const [written = "", digits, ...more] = text.split("/");
  const address = parseAddress(written);
  if (address === undefined || more.length > 0) return undefined;
  const length = digits === undefined ? bitsOf(address.family) : Number(digits);
  const fits = /^\d{1,3}$/.test(digits ?? "0") && length <= bitsOf(address.family);
  return fits ? prefixOf(address, length) : undefined;
}

/**
 * Of several that hold an address the narrowest counts, and of equal ones the first; the possible addresses
 * come last, because all others of the platform are among them.
 */
export function labelOf(text: string, expected: readonly ExpectedEgress[]): string | undefined {
  const address: Address | undefined = parseAddress(text);
  if (address === undefined) return undefined;
  const holding = expected.filter((one) => contains(one.prefix, address));
  return holding.toSorted(
    (a, b) => b.prefix.length - a.prefix.length || Number(isPossible(a)) - Number(isPossible(b)),
  )[0]?.label;
}

const isPossible = ({ label }: ExpectedEgress) => verdictByLabel[label] === "possible";

export const egressVerdicts = [
  "none",
  "closed",
  "unjudged",
  "platform",
  "possible",
  "nat-gateway",
  "firewall",
  "region",
  "on-premises",
  "expected",
  "mixed",
  "unexpected",
] as const;
export type EgressVerdict = (typeof egressVerdicts)[number];

/** Labels that mean something; any other is a name of the caller's own. */
export const egressLabels = [
  "outbound",
  "possible",
  "nat",
  "firewall",
  "azure",
  "onpremises",
] as const;

const verdictByLabel: Readonly<Record<string, EgressVerdict>> = {
  outbound: "platform",
  possible: "possible",
  nat: "nat-gateway",
  firewall: "firewall",
  azure: "region",
  onpremises: "on-premises",
  // As Azure Resource Manager calls them, for whoever pastes.
  outboundipaddresses: "platform",
  possibleoutboundipaddresses: "possible",
};

/** Ways out that someone has built on purpose: not to be seen from there is worth a finding. */
export function isOwnWayOut(label: string): boolean {
  return ["nat-gateway", "firewall", "on-premises"].includes(verdictByLabel[label] ?? "");
}

export interface Judged {
  /** Of each address that was seen; `undefined` is one that nobody expected. */
  readonly labels: readonly (string | undefined)[];
  readonly isExpected: boolean;
  /** Another Sonde saw a private address, so the network is there. */
  readonly seenPrivately: boolean;
}

/** What the labels of all seen addresses come down to. */
export function judgeEgress({ labels, isExpected, seenPrivately }: Judged): EgressVerdict {
  if (labels.length === 0) return seenPrivately ? "closed" : "none";
  if (!isExpected) return "unjudged";
  const verdicts = new Set(
    labels.map((label): EgressVerdict =>
      label === undefined ? "unexpected" : (verdictByLabel[label] ?? "expected"),
    ),
  );
  if (verdicts.has("unexpected")) return "unexpected";
  const [only = "unexpected", ...more] = verdicts;
  return more.length === 0 ? only : "mixed";
}

/** What each verdict means, with what it cannot mean. */
export const egressMeanings: Readonly<Record<EgressVerdict, string>> = {
  none: "nobody told an address: see what stopped each sample",
  closed: "no address on the internet, and another Sonde was reached privately: closed on purpose?",
  unjudged: "no list to compare with: give expect=, or set SONDE_EXPECTED_OUTBOUND",
  platform: "the platform's own addresses: a NAT gateway or route-all is not in effect here",
  possible: "addresses that the platform may move to: the worker moved, or the list is stale",
  "nat-gateway": "the NAT gateway is in effect",
  firewall: "the traffic leaves by way of the firewall",
  region: "an address of Azure in this region: dynamic outbound, which no list of the app holds",
  "on-premises": "the traffic leaves by way of the company's own network",
  expected: "as expected",
  mixed: "all expected, and by several ways: the routes differ by destination",
  unexpected: "an address that is not among the expected ones",
};
