/**
 * The address tokens of forwarding headers. Proxies write what they like, so all of these are seen:
 *
 *     203.0.113.7   203.0.113.7:50123   2001:db8::1   [2001:db8::1]:443   [fe80::1%6]:443
 *     unknown   _hidden (RFC 7239 §6)   a mask such as *******   anything else
 *
 * App Service appends the port, Front Door writes bare addresses, IIS keeps zone ids.
 */
import { formatAddress, parseAddress } from "../policy/address.ts";

export interface AddressToken {
  readonly kind: "address" | "unknown" | "obfuscated" | "masked" | "other";
  /** As it was written. */
  readonly text: string;
  /** Canonical (RFC 5952), without brackets, port and zone. Set for kind `address`, and only then. */
  readonly address?: string;
  readonly port?: number;
  readonly zone?: string;
}

/** `[v6%zone]:port`, with zone and port optional. */
const bracketed = /^\[([0-9A-Fa-f:.]{2,45})(?:%([A-Za-z0-9_.~-]{1,32}))?\](?::(\d{1,5}))?$/;
const dotted = /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?$/;
const bare = /^([0-9A-Fa-f:.]{2,45})(?:%([A-Za-z0-9_.~-]{1,32}))?$/;

/** Reads one token. Never throws: what is no address keeps its text and gets a kind. */
export function parseAddressToken(token: string): AddressToken {
  const text = token.trim();
  const four = dotted.exec(text);
  if (four) return located(text, four[1], four[2]);
  const six = bracketed.exec(text) ?? bare.exec(text);
  return six ? located(text, six[1], six[3], six[2]) : { kind: kindOf(text), text };
}

/** A list separated by commas, with or without space; empty members are dropped. */
export function parseAddressList(value: string): readonly AddressToken[] {
  return value
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(parseAddressToken);
}

function located(
  text: string,
  literal: string | undefined,
  digits: string | undefined,
  zone?: string,
): AddressToken {
  const address = literal === undefined ? undefined : parseAddress(literal);
  const port = digits === undefined ? undefined : Number(digits);
  if (address === undefined || (port !== undefined && port > 65_535))
    return { kind: "other", text };
  return {
    kind: "address",
    text,
    address: formatAddress(address),
    ...(port === undefined ? {} : { port }),
    ...(zone === undefined ? {} : { zone }),
  };
}

function kindOf(text: string): AddressToken["kind"] {
  if (text.toLowerCase() === "unknown") return "unknown";
  if (/^_[A-Za-z0-9._-]+$/.test(text)) return "obfuscated";
  return /^[*xX.#-]*[*#][*xX.#-]*$/.test(text) || /^(?:x+\.)+x+$/i.test(text) ? "masked" : "other";
}

/**
 * The private IPv4 address inside a unique-local IPv6 address, as service endpoints and private
 * endpoints carry it: the virtual network's prefix, then the client in the last 32 bits. Observed,
 * not documented, so it is a strong hint and no proof.
 */
export function embeddedAddress(address: string): string | undefined {
  const outer = /^f[cd]/.test(address) ? parseAddress(address) : undefined;
  if (outer === undefined) return undefined;
  const inner = formatAddress({ family: 4, value: outer.value & 0xffff_ffffn });
  return isPrivate(inner) ? inner : undefined;
}

/** RFC 1918. */
export function isPrivate(address: string): boolean {
  return /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(address);
}

export function isLoopback(address: string): boolean {
  return address === "::1" || /^127\.\d/.test(address);
}
