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
    for (const part of list.split(",").filter(Boolean)) {
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

/** Of several that hold an address the narrowest counts, and of equal ones the first. */
export function labelOf(text: string, expected: readonly ExpectedEgress[]): string | undefined {
  const address: Address | undefined = parseAddress(text);
  if (address === undefined) return undefined;
  const holding = expected.filter((one) => contains(one.prefix, address));
  return holding.toSorted((a, b) => b.prefix.length - a.prefix.length)[0]?.label;
}

export const egressVerdicts = [
  "none",
  "unjudged",
  "platform",
  "possible",
  "nat-gateway",
  "firewall",
  "expected",
  "mixed",
  "unexpected",
] as const;
export type EgressVerdict = (typeof egressVerdicts)[number];

const verdictByLabel: Readonly<Record<string, EgressVerdict>> = {
  outbound: "platform",
  possible: "possible",
  nat: "nat-gateway",
  firewall: "firewall",
};

/** What the labels of all seen addresses come down to; `undefined` is an address that nobody expected. */
export function judgeEgress(
  labels: readonly (string | undefined)[],
  isExpected: boolean,
): EgressVerdict {
  if (labels.length === 0) return "none";
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
  none: "nobody could be asked: see what stopped each sample",
  unjudged: "no addresses were expected: give expected=, or SONDE_EXPECTED_OUTBOUND",
  platform: "the platform's own addresses: a NAT gateway or route-all is not in effect here",
  possible: "addresses that the platform may move to: the worker moved, or the list is stale",
  "nat-gateway": "the NAT gateway is in effect",
  firewall: "the traffic leaves by way of the firewall",
  expected: "as expected",
  mixed: "expected all, but by several ways: the routes differ by destination",
  unexpected: "an address that is not among the expected ones",
};
