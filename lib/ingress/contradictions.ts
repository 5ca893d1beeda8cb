/** Headers that cannot all be true, or that say something else than the place they arrived at. */
import { embeddedAddress, isLoopback, parseAddressList } from "./addresses.ts";
import { isPublic, outsidePeer, provenPeer } from "./chain.ts";
import { isFrontDoorAddress } from "./gateways.ts";
import { type Headers, valueOf } from "./headers.ts";
import type { Hop, HopKind, Seen } from "./seen.ts";

export const contradictionKinds = [
  "client-address",
  "list-consumed",
  "list-short",
  "around-front-door",
  "public-host",
  "tls-dropped",
  "other-platform",
] as const;

export interface Contradiction {
  readonly kind: (typeof contradictionKinds)[number];
  readonly evidence: string;
}

/** In the order of the kinds. Never throws; names no value that could be a secret. */
export function contradictionsIn(seen: Seen, between: readonly Hop[]): readonly Contradiction[] {
  const found: Readonly<Record<Contradiction["kind"], string | undefined>> = {
    "client-address": clientAddress(seen.headers, between),
    "list-consumed": listConsumed(seen.headers, between),
    "list-short": listShort(seen.headers, between),
    "around-front-door": aroundFrontDoor(seen.headers, between),
    "public-host": publicHost(seen.headers, between),
    "tls-dropped": tlsDropped(between),
    "other-platform": otherPlatform(seen, between),
  };
  return contradictionKinds.flatMap((kind) => {
    const evidence = found[kind];
    return evidence === undefined ? [] : [{ kind, evidence }];
  });
}

const hasFrontEnd = (between: readonly Hop[]) =>
  between.some((hop) => hop.kind === "app-service-front-end");

/** The front end appends the peer that it also writes into CLIENT-IP, so the two must agree. */
function clientAddress(headers: Headers, between: readonly Hop[]): string | undefined {
  const peer = outsidePeer(headers)?.address;
  const chain = parseAddressList(valueOf(headers, "x-forwarded-for") ?? "");
  // Behind the peer a proxy inside the instance may have added loopback; the peer of a local host is loopback.
  const last = chain.findLast(
    ({ address = "" }) => !isLoopback(address) || address === peer,
  )?.address;
  if (!hasFrontEnd(between) || peer === undefined || last === undefined) return undefined;
  return last === peer || last === embeddedAddress(peer)
    ? undefined
    : `CLIENT-IP is ${peer}, and X-Forwarded-For ends with ${last}`;
}

function listConsumed(headers: Headers, between: readonly Hop[]): string | undefined {
  const peer = outsidePeer(headers)?.address;
  const missing = valueOf(headers, "x-forwarded-for") === undefined;
  return hasFrontEnd(between) && peer !== undefined && missing
    ? `CLIENT-IP is ${peer}, and there is no X-Forwarded-For`
    : undefined;
}

const appending: readonly HopKind[] = [
  "front-door",
  "application-gateway",
  "static-web-apps",
  "app-service-front-end",
];

/** Each of these appends the peer it saw, so a list with fewer entries was changed on the way. */
function listShort(headers: Headers, between: readonly Hop[]): string | undefined {
  const hops = between.filter(({ kind }) => appending.includes(kind));
  const entries = parseAddressList(valueOf(headers, "x-forwarded-for") ?? "").length;
  return entries > 0 && entries < hops.length
    ? `${hops.length} hops append to X-Forwarded-For, and it has ${entries} of them`
    : undefined;
}

/** Only where the hop it landed on is proven is its peer beyond doubt; a gateway may stand behind Front Door. */
function aroundFrontDoor(headers: Headers, between: readonly Hop[]): string | undefined {
  const peer = provenPeer(headers, between);
  const gateway = between.some((hop) => hop.kind === "application-gateway");
  const claims = valueOf(headers, "x-azure-fdid") !== undefined;
  if (!claims || gateway || !isPublic(peer) || isFrontDoorAddress(peer.address)) return undefined;
  return `X-Azure-FDID arrived from ${peer.address}, which is not Front Door's`;
}

/** Host names without their port; text of another shape is not compared. */
function hostIn(headers: Headers, name: string): string | undefined {
  const value = valueOf(headers, name)?.split(",")[0]?.trim().toLowerCase() ?? "";
  return /^([a-z0-9.-]{1,253})(?::\d{1,5})?$/.exec(value)?.[1];
}

function publicHost(headers: Headers, between: readonly Hop[]): string | undefined {
  const asked = hostIn(headers, "x-forwarded-host") ?? hostIn(headers, "x-original-host");
  const routed = hostIn(headers, "disguised-host");
  if (!hasFrontEnd(between) || asked === undefined || routed === undefined) return undefined;
  return asked === routed
    ? undefined
    : `the public side was asked for ${asked}, and the front end routed on ${routed}`;
}

function tlsDropped(between: readonly Hop[]): string | undefined {
  const [outermost, ...behind] = between;
  const clear = behind.find((hop) => hop.tls === "plain");
  return outermost?.tls === "tls" && clear !== undefined
    ? `TLS into ${outermost.kind}, plain HTTP into ${clear.kind}`
    : undefined;
}

const landsOn: Partial<Record<HopKind, Seen["platform"]["platform"]>> = {
  "app-service-front-end": "app-service",
  "container-apps-envoy": "container-apps",
};

function otherPlatform({ platform }: Seen, between: readonly Hop[]): string | undefined {
  const foreign = between.find(({ kind }) => {
    const home = landsOn[kind];
    return home !== undefined && home !== platform.platform;
  });
  return foreign === undefined
    ? undefined
    : `headers of ${foreign.kind} in a process on ${platform.platform}`;
}
