/**
 * `X-Forwarded-Client-Cert`, Envoy's grammar: elements separated by `,`, one per proxy and the
 * nearest last; pairs by `;`; keys in any case, `By`, `URI` and `DNS` repeatable; values with
 * `,`, `;` or `=` in double quotes. `Cert` and `Chain` are percent-encoded PEM, `Hash` is the SHA-256 of
 * the DER in lower-case hex, `Chain` includes the leaf.
 */
import { parsePair, splitOutsideQuotes } from "./quoted.ts";

export interface XfccElement {
  /** URIs of the proxy that saw this certificate. */
  readonly by: readonly string[];
  readonly hash?: string;
  readonly cert?: string;
  readonly chain?: string;
  readonly subject?: string;
  readonly uris: readonly string[];
  readonly names: readonly string[];
}

/** The elements, farthest proxy first. Never throws; unknown keys are left out. */
export function parseXfcc(value: string): readonly XfccElement[] {
  return splitOutsideQuotes(value, ",")
    .filter((element) => element !== "")
    .map(parseElement);
}

function parseElement(element: string): XfccElement {
  const pairs = splitOutsideQuotes(element, ";")
    .map(parsePair)
    .filter((pair) => pair !== undefined);
  const all = (key: string): readonly string[] =>
    pairs.filter(([name, value]) => name === key && value !== "").map(([, value]) => value);
  const [hash] = all("hash");
  const [cert] = all("cert");
  const [chain] = all("chain");
  const [subject] = all("subject");
  return {
    by: all("by"),
    ...(hash === undefined ? {} : { hash: hash.toLowerCase() }),
    ...(cert === undefined ? {} : { cert }),
    ...(chain === undefined ? {} : { chain }),
    ...(subject === undefined ? {} : { subject }),
    uris: all("uri"),
    names: all("dns"),
  };
}
