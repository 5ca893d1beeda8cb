/**
 * What an address is, and how far a policy may open it.
 *
 * Four tiers: the *floor* is never probed, whatever is configured; *reserved* only by a rule that names
 * the block; *private* and *public* are what authenticated callers may probe. Sources: the IANA special
 * purpose registries for IPv4 and IPv6 (RFC 6890), and the platform addresses that no registry knows.
 */
import { parseAddress, type Address } from "./address.ts";
import { contains, prefix, type Prefix } from "./prefix.ts";

export type Tier = "floor" | "reserved" | "private" | "public";

export interface Block {
  readonly prefix: Prefix;
  readonly class: string;
  /** What it is for, to complete "169.254.169.254 is link-local (…)". */
  readonly why: string;
  /** When given, only the addresses of the prefix for which this holds. */
  readonly only?: (address: Address) => boolean;
}

export interface Classified {
  readonly class: string;
  readonly tier: Tier;
  readonly why: string;
  /** The IPv4 address that this IPv6 address carries. */
  readonly embedded: Address | undefined;
}

/** More specific blocks stand first: the first that holds an address names it. */
export const productionFloor: readonly Block[] = [
  block("0.0.0.0/32", "unspecified", "on many systems a way to say loopback"),
  block("0.0.0.0/8", "this-network", "RFC 791, valid as a source only"),
  block("127.0.0.0/8", "loopback", "this very instance and its side-cars"),
  block("169.254.0.0/16", "link-local", "instance metadata and platform services"),
  block("168.63.129.16/32", "azure-platform", "the virtual address of the Azure host"),
  block("192.0.0.0/24", "ietf-protocol", "RFC 6890, protocol assignments"),
  block("192.88.99.0/24", "6to4-relay", "RFC 7526, deprecated relay anycast"),
  block("100.100.100.200/32", "cloud-metadata", "instance metadata of Alibaba Cloud"),
  block("224.0.0.0/4", "multicast", "RFC 5771, never one host"),
  block("255.255.255.255/32", "broadcast", "RFC 919, every host on the link"),
  block("240.0.0.0/4", "reserved", "RFC 1112, never assigned"),
  block("::/128", "unspecified", "on many systems a way to say loopback"),
  block("::1/128", "loopback", "this very instance and its side-cars"),
  block("::/96", "ipv4-compatible", "RFC 4291, deprecated, carries an IPv4 address"),
  block("::ffff:0:0:0/96", "ipv4-translated", "RFC 2765, carries an IPv4 address"),
  block("64:ff9b:1::/48", "nat64-local", "RFC 8215, carries an IPv4 address nobody else can read"),
  {
    ...block("64:ff9b::/96", "nat64", "RFC 6052, only public IPv4 may be carried"),
    only: hidesIPv4,
  },
  block("2001::/32", "teredo", "RFC 4380, carries an IPv4 address"),
  block("2002::/16", "6to4", "RFC 3056, carries an IPv4 address"),
  block("100::/64", "discard", "RFC 6666, a black hole"),
  block("100:0:0:1::/64", "dummy", "RFC 9780, never routed"),
  block("5f00::/16", "srv6-sid", "RFC 9602, segment identifiers, not hosts"),
  block("fe80::/10", "link-local", "one link only, platform services"),
  block("fec0::/10", "site-local", "RFC 3879, deprecated"),
  block("ff00::/8", "multicast", "RFC 4291, never one host"),
  block("fd00:ec2::254/128", "cloud-metadata", "instance metadata of AWS"),
  block("fd20:ce::254/128", "cloud-metadata", "instance metadata of Google Cloud"),
  { ...block("::/0", "isatap", "RFC 5214, carries an IPv4 address"), only: isIsatap },
];

/** Denied until a rule names the block: not the networks anyone means by "private" or "public". */
const reserved: readonly Block[] = [
  block("100.64.0.0/10", "shared", "RFC 6598, carrier and platform networks"),
  block("198.18.0.0/15", "benchmark", "RFC 2544"),
  block("192.0.2.0/24", "documentation", "RFC 5737"),
  block("198.51.100.0/24", "documentation", "RFC 5737"),
  block("203.0.113.0/24", "documentation", "RFC 5737"),
  block("2001:2::/48", "benchmark", "RFC 5180"),
  block("2001:db8::/32", "documentation", "RFC 3849"),
  block("2001::/23", "ietf-protocol", "RFC 2928, protocol assignments"),
  block("3fff::/20", "documentation", "RFC 9637"),
];

const privateUse: readonly Block[] = [
  block("10.0.0.0/8", "private", "RFC 1918"),
  block("172.16.0.0/12", "private", "RFC 1918"),
  block("192.168.0.0/16", "private", "RFC 1918"),
  block("fc00::/7", "unique-local", "RFC 4193"),
];

/** Says what an address is. `floor` is replaced by tests only. */
export function classify(address: Address, floor = productionFloor): Classified {
  const embedded = embeddedIn(address);
  const found =
    lookUp("floor", floor, address) ??
    lookUp("reserved", reserved, address) ??
    lookUp("private", privateUse, address);
  return { ...(found ?? { class: "public", tier: "public", why: "global unicast" }), embedded };
}

function lookUp(tier: Tier, table: readonly Block[], address: Address) {
  const found = table.find((each) => holds(each, address));
  return found && { class: found.class, tier, why: found.why };
}

export function holds(each: Block, address: Address): boolean {
  return contains(each.prefix, address) && (each.only?.(address) ?? true);
}

/**
 * The class of any address, to label it: also one only seen in an answer, with a zone id, or in another
 * spelling. `unknown` when it is no address.
 */
export function classOf(text: string): string {
  const address = parseAddress(text.replace(/%.*$/s, ""));
  return address === undefined ? "unknown" : classify(address).class;
}

/** Where IPv6 blocks carry an IPv4 address: how far from the right end, and whether its bits are flipped. */
const carriers = [
  { block: prefix("::/96"), shift: 0n, flipped: false },
  { block: prefix("::ffff:0:0:0/96"), shift: 0n, flipped: false },
  { block: prefix("64:ff9b::/96"), shift: 0n, flipped: false },
  { block: prefix("2002::/16"), shift: 80n, flipped: false },
  { block: prefix("2001::/32"), shift: 0n, flipped: true },
];

function embeddedIn(address: Address): Address | undefined {
  if (address.family === 4 || address.value <= 1n) return undefined;
  const carrier = carriers.find((each) => contains(each.block, address));
  if (carrier === undefined) return isIsatap(address) ? lowest(address.value) : undefined;
  const bits = address.value >> carrier.shift;
  return lowest(carrier.flipped ? ~bits : bits);
}

function lowest(bits: bigint): Address {
  return { family: 4, value: BigInt.asUintN(32, bits) };
}

/** RFC 5214 §6.1: the interface identifier is 0000:5efe or 0200:5efe and an IPv4 address. */
function isIsatap({ family, value }: Address): boolean {
  return family === 6 && ((BigInt.asUintN(64, value) >> 32n) & 0xfdff_ffffn) === 0x5efen;
}

/** RFC 6052 §3.1: the well-known prefix must not carry an address that is not global. */
function hidesIPv4(address: Address): boolean {
  const embedded = embeddedIn(address);
  return embedded !== undefined && classify(embedded).tier !== "public";
}

function block(text: string, name: string, why: string): Block {
  return { prefix: prefix(text), class: name, why };
}
