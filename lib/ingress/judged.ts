/**
 * The address that an access restriction judges. App Service and Container Apps compare the peer of
 * their own ingress with the rules, never what a header claims, so behind a gateway the gateway is
 * judged. https://learn.microsoft.com/azure/app-service/overview-access-restrictions
 */
import { defined } from "../platform/values.ts";
import { classOf } from "../policy/classes.ts";
import { type AddressToken, embeddedAddress } from "./addresses.ts";
import { chainOf, tokenIn } from "./chain.ts";
import { type Headers, valueOf } from "./headers.ts";
import { forwardsLeft, type Hop, type HopConfidence, type HopKind, type Seen } from "./seen.ts";

export const sourceFamilies = [
  "public",
  "private",
  "private-endpoint",
  "service-endpoint",
  "platform-internal",
  "unknown",
] as const;

/** Kinds of rule; a `header` filter narrows a rule of one of the others. */
export const ruleKinds = ["ip", "service-tag", "vnet", "header"] as const;

export interface Judged {
  /** The ingress that compares. */
  readonly by: HopKind;
  readonly family: (typeof sourceFamilies)[number];
  readonly confidence: HopConfidence;
  /** As the ingress saw it. */
  readonly address?: string;
  /** The private IPv4 address that a virtual network hides in IPv6. */
  readonly embedded?: string;
  /** Which kinds of rule can match it. */
  readonly rules: readonly (typeof ruleKinds)[number][];
  readonly reasons: readonly string[];
}

/** Undefined where no ingress with access restrictions is a hop. Never throws. */
export function judgedOf(seen: Seen, between: readonly Hop[]): Judged | undefined {
  const frontEnd = between.find((hop) => hop.kind === "app-service-front-end");
  if (frontEnd !== undefined) return byFrontEnd(seen, frontEnd);
  const envoy = between.find((hop) => hop.kind === "container-apps-envoy");
  if (envoy === undefined) return undefined;
  const { address } = tokenIn(seen.headers, "x-envoy-external-address") ?? {};
  return {
    by: envoy.kind,
    family: address === undefined ? "unknown" : familyByClass(address),
    confidence: envoy.confidence,
    ...defined("address", address),
    rules: ["ip"],
    reasons: ["Container Apps has rules on addresses alone, and compares the peer of its ingress"],
  };
}

function byFrontEnd({ headers, platform }: Seen, frontEnd: Hop): Judged {
  const peer = chainOf(headers, frontEnd).chain.at(-1);
  const embedded = peer?.address === undefined ? undefined : hiddenIn(peer.address, headers);
  const family = familyOf(headers, peer, embedded);
  return {
    by: frontEnd.kind,
    confidence: frontEnd.confidence,
    ...defined("address", peer?.address),
    ...defined("embedded", embedded),
    family,
    rules: platform.plan === "isolated" && family === "private" ? ["ip", "header"] : rules[family],
    reasons: [...reasons[family], ...filterWarning(headers, family)],
  };
}

function hiddenIn(address: string, headers: Headers): string | undefined {
  const peer = tokenIn(headers, "client-ip")?.address ?? address;
  return embeddedAddress(address) ?? embeddedAddress(peer);
}

function familyOf(
  headers: Headers,
  peer: AddressToken | undefined,
  embedded: string | undefined,
): Judged["family"] {
  const { address } = peer ?? {};
  if (address === undefined) return "unknown";
  // A private endpoint hands the client's own address on and has no port to tell.
  const isEndpoint = embedded !== undefined && valueOf(headers, "x-client-port") === "0";
  if (isEndpoint) return "private-endpoint";
  if (embedded !== undefined) return "service-endpoint";
  const family = familyByClass(address);
  const inside = family === "private" && (forwardsLeft(headers) ?? 10) < 10;
  return inside ? "platform-internal" : family;
}

/** What no network hands on as a source, and a unique-local address that carries no other, tells nothing. */
const untold = ["loopback", "link-local", "unspecified", "unique-local", "shared"];

function familyByClass(address: string): "public" | "private" | "unknown" {
  const found = classOf(address);
  if (found === "private") return "private";
  return untold.includes(found) ? "unknown" : "public";
}

const rules: Readonly<Record<Judged["family"], Judged["rules"]>> = {
  public: ["ip", "service-tag", "header"],
  private: ["vnet", "header"],
  "private-endpoint": [],
  "service-endpoint": ["vnet", "header"],
  "platform-internal": [],
  unknown: [],
};

const reasons: Readonly<Record<Judged["family"], readonly string[]>> = {
  public: ["it is the peer of the front end; behind a gateway it is the gateway"],
  private: [
    "rules on private addresses match in an App Service Environment alone; elsewhere a subnet is named",
  ],
  "private-endpoint": ["access restrictions are not evaluated for a private endpoint"],
  "service-endpoint": [
    "it came by a service endpoint: a rule names the subnet, and rules on addresses do not match",
  ],
  "platform-internal": ["it is the platform's own address, from a second pass inside"],
  unknown: [
    "no header names an address that a front end is reached from, so which rules match is not known",
  ],
};

/** ARM: a filter on X-Forwarded-For holds when any address in the list matches. */
function filterWarning(headers: Headers, family: Judged["family"]): readonly string[] {
  const several = (valueOf(headers, "x-forwarded-for") ?? "").split(",").length > 1;
  return several && rules[family].includes("header")
    ? [
        "a filter on X-Forwarded-For is met by any entry, also by one that the caller wrote: " +
          "let a rule on the source stand beside it",
      ]
    : [];
}
