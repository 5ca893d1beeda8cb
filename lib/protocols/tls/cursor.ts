/**
 * Reads the vectors of TLS, RFC 8446 §3.4: numbers in network order, and octets after their length.
 * What runs over the end reads as empty, and marks the cursor as spent.
 */
export interface Cursor {
  /** A number of 1 to 3 octets. */
  number(octets: number): number;
  bytes(count: number): Uint8Array;
  /** A vector whose length takes `octets` octets. */
  vector(octets: number): Uint8Array;
  /** Whether something is left to read and nothing ran over the end so far. */
  more(): boolean;
}

export function cursorOver(bytes: Uint8Array): Cursor {
  let at = 0;
  const take = (count: number) => {
    const found = bytes.subarray(at, at + count);
    // Beyond the end there is nothing: `more` is false from here on.
    at = found.length < count ? bytes.length + 1 : at + count;
    return found.length < count ? new Uint8Array() : found;
  };
  const number = (octets: number) => take(octets).reduce((sum, octet) => sum * 256 + octet, 0);
  return {
    number,
    bytes: take,
    vector: (octets) => take(number(octets)),
    more: () => at < bytes.length,
  };
}

/** Extensions by their number, RFC 8446 §4.2; of a repeated one the last. */
export function extensionsOf(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const cursor = cursorOver(bytes);
  while (cursor.more()) {
    const type = cursor.number(2);
    found.set(type, cursor.vector(2));
  }
  return found;
}

/** Vectors that follow one another, each after a length of `octets` octets. At most `most` of them. */
export function vectorsOf(bytes: Uint8Array, octets: number, most: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  const cursor = cursorOver(bytes);
  while (cursor.more() && found.length < most) {
    const one = cursor.vector(octets);
    if (one.length > 0) found.push(one);
  }
  return found;
}
