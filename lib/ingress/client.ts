/**
 * The client's address, found by walking the chain from the right: each hop that is known to append
 * accounts for one entry, and what it appended is the peer it saw. Whatever a caller puts to the left
 * of that changes nothing. No socket is visible on this runtime, so the walk starts at a header.
 */
import type { AddressToken } from "./addresses.ts";
import { chainOf, isPublic, outsidePeer, provenPeer, tokenIn } from "./chain.ts";
import { isFrontDoorAddress } from "./gateways.ts";
import { type Headers, valueOf } from "./headers.ts";
import type { Hop, HopConfidence, HopKind, Seen } from "./seen.ts";

export interface ClientAddress {
  /** Canonical; absent when no header names one. */
  readonly address?: string;
  readonly port?: number;
  readonly confidence: HopConfidence;
  /** The headers it was read from. */
  readonly evidence: readonly string[];
  /** The walk in words, in order. */
  readonly reasons: readonly string[];
}

/** Kinds that append the peer they saw to X-Forwarded-For. */
const appenders: readonly HopKind[] = [
  "front-door",
  "application-gateway",
  "static-web-apps",
  "app-service-front-end",
];

/** Never throws. `between` are the hops found in the same headers. */
export function clientOf(seen: Seen, between: readonly Hop[]): ClientAddress {
  return (
    fromFrontDoor(seen.headers, between) ??
    fromEnvoy(seen.headers, between) ??
    fromChain(seen.headers, between)
  );
}

function hopOf(between: readonly Hop[], kind: HopKind): Hop | undefined {
  return between.find((hop) => hop.kind === kind);
}

/** X-Azure-SocketIP is Front Door's own peer; X-Azure-ClientIP repeats what the caller said. */
function fromFrontDoor(headers: Headers, between: readonly Hop[]): ClientAddress | undefined {
  const hop = hopOf(between, "front-door");
  const socket = tokenIn(headers, "x-azure-socketip");
  if (hop === undefined || socket?.address === undefined) return undefined;
  if (isForged(headers, between)) return fromForged(headers, between);
  return found(
    socket,
    hop.confidence,
    ["x-azure-socketip"],
    ["X-Azure-SocketIP is the peer of Front Door"],
  );
}

const notBelieved =
  "that peer is outside Front Door's published ranges, so Front Door's headers are not believed";

/** Behind the ingress of Container Apps its own word follows. */
function fromForged(headers: Headers, between: readonly Hop[]): ClientAddress | undefined {
  if (hopOf(between, "app-service-front-end") === undefined) return undefined;
  const said = "CLIENT-IP is the peer of the front end, which overwrites it";
  return found(outsidePeer(headers), "proven", ["client-ip"], [said, notBelieved]);
}

/** Front Door's headers on a request whose proven peer is none of Front Door's addresses. */
function isForged(headers: Headers, between: readonly Hop[]): boolean {
  const peer = provenPeer(headers, between);
  const gateway = hopOf(between, "application-gateway") !== undefined;
  return !gateway && isPublic(peer) && !isFrontDoorAddress(peer.address);
}

function fromEnvoy(headers: Headers, between: readonly Hop[]): ClientAddress | undefined {
  const hop = hopOf(between, "container-apps-envoy");
  const external = tokenIn(headers, "x-envoy-external-address");
  if (hop === undefined || external?.address === undefined) return undefined;
  const evidence = ["x-envoy-external-address"];
  if (hopOf(between, "application-gateway") !== undefined)
    return found(external, "claimed", evidence, [
      "the ingress starts the chain anew, so this is the gateway if there is one in front",
    ]);
  const frontDoor = hopOf(between, "front-door") !== undefined;
  return found(external, hop.confidence, evidence, [
    "X-Envoy-External-Address is the client as the ingress saw it",
    ...(frontDoor && isForged(headers, between) ? [notBelieved] : []),
  ]);
}

function fromChain(headers: Headers, between: readonly Hop[]): ClientAddress {
  const { chain, reasons } = chainOf(headers, hopOf(between, "app-service-front-end"));
  if (chain.length === 0)
    return {
      confidence: "claimed",
      evidence: [],
      reasons: ["no header names an address, and this runtime shows no socket"],
    };
  const believed = isForged(headers, between)
    ? between.filter((hop) => hop.kind !== "front-door")
    : between;
  const sources = believed.filter((hop) => appends(hop, headers)).toReversed();
  const walked = sources.slice(0, chain.length);
  const token = chain.at(-Math.max(1, walked.length));
  const steps = walked.map((hop, index) => `${hop.kind} appended ${shown(chain.at(-1 - index))}`);
  const last = walked.at(-1);
  const complete = walked.length === sources.length;
  const confidence = last === undefined || !complete ? "claimed" : confidenceOf(last, headers);
  const unnamed =
    last === undefined
      ? ["the rightmost entry: whoever stands in front wrote it, or the caller"]
      : [];
  return found(token, confidence, evidenceOf(headers), [...reasons, ...steps, ...unnamed]);
}

function evidenceOf(headers: Headers): readonly string[] {
  return ["client-ip", "x-forwarded-for", "forwarded", "x-real-ip"]
    .filter((name) => valueOf(headers, name) !== undefined)
    .slice(0, 2);
}

/** The first generation of Application Gateway is known too vaguely to count as an entry. */
function appends(hop: Hop, headers: Headers): boolean {
  if (hop.kind === "application-gateway") return valueOf(headers, "x-appgw-trace-id") !== undefined;
  return appenders.includes(hop.kind);
}

function confidenceOf(hop: Hop, headers: Headers): HopConfidence {
  if (hop.kind !== "app-service-front-end" || hop.confidence !== "proven") return hop.confidence;
  return outsidePeer(headers) === undefined ? "likely" : "proven";
}

/** Only what is an address is repeated: other text could be anything. */
function shown(token: AddressToken | undefined): string {
  return token?.kind === "address" ? token.text : `an entry that is ${token?.kind ?? "absent"}`;
}

function found(
  token: AddressToken | undefined,
  confidence: HopConfidence,
  evidence: readonly string[],
  reasons: readonly string[],
): ClientAddress {
  if (token?.address === undefined)
    return {
      confidence: "claimed",
      evidence,
      reasons: [...reasons, `the entry is ${token?.kind ?? "absent"}`],
    };
  const port = token.port === undefined ? {} : { port: token.port };
  return { address: token.address, ...port, confidence, evidence, reasons };
}
