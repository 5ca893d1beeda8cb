/**
 * Just enough of the Distinguished Encoding Rules (ITU-T X.690) to walk what certificates, OCSP
 * responses and distinguished names are made of. Never throws: what cannot be read ends the walk.
 */

/** One element: its tag octet, its contents, and both together with the length between them. */
export interface Der {
  readonly tag: number;
  readonly value: Uint8Array;
  readonly whole: Uint8Array;
}

export const tags = {
  boolean: 0x01,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/** Of one element; a list that is longer is shown cut. */
const MOST_CHILDREN = 1000;

/** The element at the beginning of `bytes`, or nothing when it is cut short or of indefinite length. */
export function readDer(bytes: Uint8Array): Der | undefined {
  const [tag = 0, first = INDEFINITE] = bytes;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  // Tags beyond 30 take more octets, and lengths beyond 16 MB more than three; none of ours do.
  if ((tag & 0x1f) === 0x1f || first === INDEFINITE || octets > 3) return undefined;
  const begin = 2 + octets;
  const long = bytes.subarray(2, begin).reduce((sum, octet) => sum * 256 + octet, 0);
  const end = begin + (octets === 0 ? first : long);
  if (end > bytes.length) return undefined;
  return { tag, value: bytes.subarray(begin, end), whole: bytes.subarray(0, end) };
}

const INDEFINITE = 0x80;

/** The elements that follow one another in `bytes`, as far as they can be read. */
export function elementsOf(bytes: Uint8Array): Der[] {
  const found: Der[] = [];
  let rest = bytes;
  while (rest.length > 0 && found.length < MOST_CHILDREN) {
    const next = readDer(rest);
    if (next === undefined) break;
    found.push(next);
    rest = rest.subarray(next.whole.length);
  }
  return found;
}

/** Follows a path of positions down from the first element; nothing when it leads nowhere. */
export function elementAt(bytes: Uint8Array, ...path: readonly number[]): Der | undefined {
  let found = readDer(bytes);
  for (const index of path) {
    if (found === undefined) return undefined;
    found = elementsOf(found.value)[index];
  }
  return found;
}

/** The elements inside of the one at the end of a path; none when it leads nowhere. */
export function elementsAt(bytes: Uint8Array, ...path: readonly number[]): Der[] {
  return elementsOf(elementAt(bytes, ...path)?.value ?? new Uint8Array());
}

/** Contents of an OBJECT IDENTIFIER in dotted form. */
export function oidOf(value: Uint8Array): string {
  const numbers: number[] = [];
  let number = 0;
  for (const octet of value) {
    number = (number % 2 ** 40) * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [joined = 0, ...rest] = numbers;
  const first = Math.min(2, Math.floor(joined / 40));
  return [first, joined - first * 40, ...rest].join(".");
}

/** Contents of a GeneralizedTime, `YYYYMMDDHHMMSSZ` as RFC 5280 §4.1.2.5.2 wants it. */
export function timeOf(value: Uint8Array): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(
    Buffer.from(value).toString("latin1"),
  );
  if (parts === null) return undefined;
  const [year = 0, month = 0, ...rest] = parts.slice(1).map(Number);
  const [day, hour, minute, second] = rest;
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return Number.isNaN(time.getTime()) ? undefined : time;
}
