/** Prefixes: the first bits that a block of addresses has in common (RFC 4632 §3.1, RFC 4291 §2.3). */
import { formatAddress, parseAddress, type Address } from "./address.ts";

export interface Prefix {
  /** The first address of the block, in canonical spelling. */
  readonly address: string;
  readonly length: number;
  readonly family: 4 | 6;
  /** The bits of `address`. */
  readonly value: bigint;
}

/** The block of `length` bits that holds the address. */
export function prefixOf(address: Address, length: number): Prefix {
  const shift = BigInt(bitsOf(address.family) - length);
  const value = (address.value >> shift) << shift;
  return { address: formatAddress({ ...address, value }), length, family: address.family, value };
}

/** For prefixes written down in this code: one that cannot be read is a fault of the program. */
export function prefix(text: string): Prefix {
  const [written = "", length = ""] = text.split("/");
  const address = parseAddress(written);
  if (address === undefined) throw new TypeError(`${text} is no prefix`);
  const read = prefixOf(address, Number(length));
  if (formatPrefix(read) !== text) throw new TypeError(`${text} is no canonical prefix`);
  return read;
}

export function formatPrefix({ address, length }: Prefix): string {
  return `${address}/${length}`;
}

export function contains(block: Prefix, address: Address): boolean {
  if (block.family !== address.family) return false;
  const shift = BigInt(bitsOf(block.family) - block.length);
  return address.value >> shift === block.value >> shift;
}

export function bitsOf(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}
