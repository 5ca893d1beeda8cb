/**
 * `SONDE_CHAIN_KEYS`: keys of other Sondes, as `host[:port]=key` separated by white space. A key is bound
 * to its host, or whoever may name a host could have it sent to one of their own.
 */
import type { Environment } from "../here.ts";
import type { Target } from "../target.ts";

/** Undefined where none is kept for this host and port; over plain HTTP none is sent. */
export function chainKeyFor(
  { scheme, host, port }: Pick<Target, "scheme" | "host" | "port">,
  environment: Environment,
): string | undefined {
  if (scheme !== "https") return undefined;
  const words = (environment["SONDE_CHAIN_KEYS"] ?? "").split(/\s+/);
  const places = port === 443 ? [`${host}=`, `${host}:443=`] : [`${host}:${port}=`];
  for (const word of words) {
    const place = places.find((each) => word.toLowerCase().startsWith(each));
    const key = place === undefined ? "" : word.slice(place.length);
    if (/^[\x21-\x7e]{8,256}$/.test(key)) return key;
  }
  return undefined;
}
