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

export interface Chain {
  readonly chain: readonly AddressToken[];
  readonly reasons: readonly string[];
}

/** The entries as they were appended, without what proxies inside the instance add. */
export function chainOf(headers: Headers, frontEnd: Hop | undefined): Chain {
  const chain = [...parsedChain(headers)];
  if (frontEnd === undefined) return { chain, reasons: [] };
  const reasons: string[] = [];
  while (chain.length > 1 && isLoopback(chain.at(-1)?.address ?? "")) {
    reasons.push(`${chain.pop()?.text ?? ""} is loopback: a proxy inside the instance`);
  }
  const peer = outsidePeer(headers);
  if (peer === undefined) {
    if (valueOf(headers, "client-ip") !== undefined)
      reasons.push("CLIENT-IP is an address of the platform, from a second pass inside");
    return { chain, reasons };
  }
  const before = chain.at(-2);
  if (
    before?.address === peer.address &&
    before?.port === peer.port &&
    chain.at(-1)?.address === peer.address
  ) {
    reasons.push(`${chain.pop()?.text ?? ""} repeats the entry before it`);
  }
  const same = sameAddress(peer, chain.at(-1));
  if (!same) chain.push(peer);
  reasons.push(
    same ? "CLIENT-IP agrees with the rightmost entry" : "CLIENT-IP is the peer of the front end",
  );
  return { chain, reasons };
}

/** A private endpoint shows the client twice: inside a unique-local CLIENT-IP, and as itself. */
function sameAddress(peer: AddressToken, last: AddressToken | undefined): boolean {
  if (last === undefined) return false;
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
