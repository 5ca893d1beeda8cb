/** The chain of addresses as the hops appended it, the nearest last. */
import {
  type AddressToken,
  embeddedAddress,
  isLoopback,
  isPrivate,
  parseAddressList,
  parseAddressToken,
} from "./addresses.ts";
import { parseForwarded } from "./forwarded.ts";
import { type Headers, valueOf } from "./headers.ts";
import { forwardsLeft, type Hop } from "./seen.ts";

/** The single address in a header, or undefined when the header is absent. */
export function tokenIn(headers: Headers, name: string): AddressToken | undefined {
  const value = valueOf(headers, name);
  return value === undefined ? undefined : parseAddressToken(value);
}

/** CLIENT-IP, unless it is the platform's own address on a second pass inside. */
export function outsidePeer(headers: Headers): AddressToken | undefined {
  const peer = tokenIn(headers, "client-ip");
  const inside = isPrivate(peer?.address ?? "") && (forwardsLeft(headers) ?? 10) < 10;
  return inside ? undefined : peer;
}

/** The peer of the hop on which a request landed, where that hop is proven and overwrites the header that says it. */
export function provenPeer(headers: Headers, between: readonly Hop[]): AddressToken | undefined {
  const proven = between.filter((hop) => hop.confidence === "proven").map(({ kind }) => kind);
  if (proven.includes("app-service-front-end")) return outsidePeer(headers);
  return proven.includes("container-apps-envoy")
    ? tokenIn(headers, "x-envoy-external-address")
    : undefined;
}

/** Not an address of any private network, nor one that carries a virtual network's. */
export function isPublic(token: AddressToken | undefined): token is AddressToken & {
  readonly address: string;
} {
  const address = token?.address;
  return address !== undefined && !isPrivate(address) && !/^f[cd]/.test(address);
}

export interface Chain {
  readonly chain: readonly AddressToken[];
  readonly reasons: readonly string[];
}

/** The entries as they were appended, without what proxies inside the instance add. */
export function chainOf(headers: Headers, frontEnd: Hop | undefined): Chain {
  const parsed = parsedChain(headers);
  if (frontEnd === undefined) return { chain: parsed, reasons: [] };
  const outside = withoutLoopback(parsed);
  const peer = outsidePeer(headers);
  if (peer !== undefined) return withPeer(outside, peer);
  if (valueOf(headers, "client-ip") === undefined) return outside;
  const inside = "CLIENT-IP is an address of the platform, from a second pass inside";
  return { chain: outside.chain, reasons: [...outside.reasons, inside] };
}

/** The front end never sees loopback, so what stands behind it in the list was added in here. */
function withoutLoopback(parsed: readonly AddressToken[]): Chain {
  const last = parsed.findLastIndex((token) => !isLoopback(token.address ?? ""));
  const chain = parsed.slice(0, Math.max(last, 0) + 1);
  const reasons = parsed
    .slice(chain.length)
    .map((token) => `${token.text} is loopback: a proxy inside the instance`);
  return { chain, reasons };
}

/** The peer of the front end ends the chain: it may be missing there, or stand there twice. */
function withPeer({ chain, reasons }: Chain, peer: AddressToken): Chain {
  const last = chain.at(-1);
  if (last !== undefined && sameAddress(peer, last)) {
    // A proxy in here that repeats the address leaves out the port.
    const repeated = last.text !== peer.text && chain.at(-2)?.text === peer.text;
    return repeated
      ? {
          chain: chain.slice(0, -1),
          reasons: [...reasons, `${last.text} repeats the entry before it`],
        }
      : { chain, reasons: [...reasons, "CLIENT-IP agrees with the rightmost entry"] };
  }
  const said = [...reasons, "CLIENT-IP is the peer of the front end"];
  return { chain: [...chain, peer], reasons: said };
}

/** A private endpoint shows the client twice: inside a unique-local CLIENT-IP, and as itself. */
function sameAddress(peer: AddressToken, last: AddressToken): boolean {
  if (peer.address === undefined) return peer.text === last.text;
  return last.address === peer.address || last.address === embeddedAddress(peer.address);
}

function parsedChain(headers: Headers): readonly AddressToken[] {
  const chain = parseAddressList(valueOf(headers, "x-forwarded-for") ?? "");
  if (chain.length > 0) return chain;
  const elements = parseForwarded(valueOf(headers, "forwarded") ?? "");
  const nodes = elements.flatMap((element) => (element.for === undefined ? [] : [element.for]));
  const real = tokenIn(headers, "x-real-ip");
  return nodes.length > 0 || real === undefined ? nodes : [real];
}
