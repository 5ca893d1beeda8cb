/** The line for curl that repeats a request. */
import { placeOf, urlHost } from "./protocols/authority.ts";
import type { Target } from "./target.ts";

/** For curl: the address that was asked, whatever its own look-up would find. */
export function pinned(
  { host, port, isAddress }: Pick<Target, "host" | "port" | "isAddress">,
  address: string | undefined,
): readonly string[] {
  return isAddress || address === undefined
    ? []
    : // Quoted where it has brackets, which a shell may take for a pattern of file names.
      ["--resolve", word(`${host}:${port}:${urlHost(address)}`)];
}

const word = (text: string) => (text.includes("[") ? `'${text}'` : text);

/** The path without its query, which may hold a secret. */
export function curl(target: Target, options: readonly string[]): string {
  const { scheme, path } = target;
  const at = `${scheme}://${placeOf(target)}${path.replace(/\?.*$/s, "")}`;
  return ["curl", "-v", ...options, `'${at.replaceAll("'", "%27")}'`].join(" ");
}
