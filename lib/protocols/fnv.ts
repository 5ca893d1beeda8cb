/** FNV-1a of 32 bits (Fowler, Noll, Vo; draft-eastlake-fnv). */
import { parseAddress } from "../policy/address.ts";

const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Over the 4 or 16 octets of an address literal: a number that tells only whether it is another one. */
export function addressHash(literal: string): number {
  const address = parseAddress(literal);
  if (address === undefined) return 0;
  const bits = address.family === 4 ? 32 : 128;
  let hash = BASIS;
  for (let shift = bits - 8; shift >= 0; shift -= 8) {
    hash = Math.imul(hash ^ Number((address.value >> BigInt(shift)) & 0xffn), PRIME);
  }
  return hash >>> 0;
}
