/**
 * `Forwarded` (RFC 7239): elements separated by `,`, pairs by `;`, values as tokens or quoted
 * strings. No Azure hop writes it, so it tells of proxies of the owner's or of the caller's own.
 */
import { type AddressToken, parseAddressToken } from "./addresses.ts";
import { parsePair, splitOutsideQuotes } from "./quoted.ts";

export interface ForwardedElement {
  /** Who made the request to the proxy. */
  readonly for?: AddressToken;
  /** The interface on which the proxy was reached. */
  readonly by?: AddressToken;
  readonly host?: string;
  readonly proto?: string;
}

/**
 * The elements, client first. Never throws. Addresses with a port must be quoted; they are read
 * without quotes too. A repeated parameter keeps its first value, unknown ones are left out.
 */
export function parseForwarded(value: string): readonly ForwardedElement[] {
  return splitOutsideQuotes(value, ",")
    .filter((element) => element !== "")
    .map(parseElement);
}

function parseElement(element: string): ForwardedElement {
  const pairs = new Map(
    splitOutsideQuotes(element, ";")
      .map(parsePair)
      .filter((pair) => pair !== undefined)
      .toReversed(),
  );
  const from = pairs.get("for");
  const by = pairs.get("by");
  const host = pairs.get("host");
  const proto = pairs.get("proto");
  return {
    ...(from === undefined ? {} : { for: parseAddressToken(from) }),
    ...(by === undefined ? {} : { by: parseAddressToken(by) }),
    ...(host === undefined ? {} : { host }),
    ...(proto === undefined ? {} : { proto: proto.toLowerCase() }),
  };
}
