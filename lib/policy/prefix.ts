/** Prefixes: the first bits that a block of addresses has in common (RFC 4632 §3.1, RFC 4291 §2.3). */
import { formatAddress, parseAddress, type Address } from "./address.ts";

export interface Prefix {
  /** The first address of the block, in canonical spelling. */
  readonly address: string;
  readonly length: number;
  readonly family: 4 | 6;
  /** The bits of `address`. */
  readonly value: bigint;
  /** The bits of the last address of the block: every address is held against many blocks. */
  readonly last: bigint;
}

/** The block of `length` bits that holds the address. */
export function prefixOf(address: Address, length: number): Prefix {
  const shift = BigInt(bitsOf(address.family) - length);
  const value = (address.value >> shift) << shift;
  const last = value | ((1n << shift) - 1n);
  const { family } = address;
  return { address: formatAddress({ family, value }), length, family, value, last };
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
  const { family, value } = address;
  return block.family === family && block.value <= value && value <= block.last;
}

export function bitsOf(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}
