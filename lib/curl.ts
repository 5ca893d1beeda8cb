/** The line for curl that repeats a request. */
import { placeOf, urlHost } from "./protocols/authority.ts";
import type { Target } from "./target.ts";

/** For curl: the address that was asked, whatever its own look-up would find. */
export function pinned(
  { host, port, isAddress }: Target,
  address: string | undefined,
): readonly string[] {
  return isAddress || address === undefined
    ? []
    : ["--resolve", `${host}:${port}:${urlHost(address)}`];
}

/** The path without its query, which may hold a secret. */
export function curl(target: Target, options: readonly string[]): string {
  const { scheme, path } = target;
  const at = `${scheme}://${placeOf(target)}${path.replace(/\?.*$/s, "")}`;
  return ["curl", "-v", ...options, `'${at.replaceAll("'", "%27")}'`].join(" ");
}
