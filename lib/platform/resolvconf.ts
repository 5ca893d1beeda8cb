/**
 * resolv.conf(5): the name servers, the search list and `ndots`. Lines that are not understood are
 * skipped, as the C library skips them. Never throws.
 */
import { nameFault } from "../protocols/dns/name.ts";
import { isAddress } from "./values.ts";

export interface ResolvConf {
  /** In the order they are asked. glibc asks only the first three; other resolvers ask all. */
  readonly nameservers: readonly string[];
  /** The suffixes tried for short names, absolute ones without their dot. */
  readonly search: readonly string[];
  /** Names with fewer dots than this are tried with the search list first. */
  readonly ndots: number;
}

/** glibc's default and its ceiling. */
const ndotsDefault = 1;
const ndotsMost = 15;

export function parseResolvConf(text: string): ResolvConf {
  const nameservers: string[] = [];
  let search: readonly string[] = [];
  let ndots = ndotsDefault;
  for (const line of text.split(/\r?\n/)) {
    // A comment starts a line, or follows white space; an address may not contain either mark.
    const [keyword, ...values] = line
      .replace(/(^|\s)[#;].*$/, "")
      .trim()
      .split(/\s+/);
    const [first] = values;
    if (keyword === "nameserver" && first !== undefined && isAddress(first))
      nameservers.push(first);
    // `domain` and `search` exclude each other: the last of either kind counts.
    if (keyword === "domain" && first !== undefined) search = [first].map(withoutDot);
    if (keyword === "search") search = values.map(withoutDot);
    if (keyword === "options") ndots = ndotsIn(values) ?? ndots;
  }
  return { nameservers, search, ndots };
}

function withoutDot(suffix: string): string {
  return suffix.length > 1 && suffix.endsWith(".") ? suffix.slice(0, -1) : suffix;
}

function ndotsIn(options: readonly string[]): number | undefined {
  const number = options
    .findLast((option) => /^ndots:\d{1,9}$/.test(option))
    ?.slice("ndots:".length);
  return number === undefined ? undefined : Math.min(Number(number), ndotsMost);
}

/** More suffixes than this glibc ignored for most of its life; nobody means more. */
const SUFFIXES_TRIED = 6;

/**
 * The names that a look-up of `name` tries in turn, absolute: first by its own where it has `ndots` dots or
 * more, else last. A name with a final dot is tried alone. The root as a suffix, which systemd-resolved
 * writes, adds no name; a suffix that makes none is passed over, as the C library does.
 */
export function searchedNames(
  name: string,
  { search, ndots }: Pick<ResolvConf, "search" | "ndots">,
): readonly string[] {
  if (name.endsWith(".")) return [name];
  const own = `${name}.`;
  const suffixed = search
    .slice(0, SUFFIXES_TRIED)
    .filter((suffix) => suffix !== ".")
    .map((suffix) => `${own}${suffix}.`)
    .filter((one) => nameFault(one) === undefined);
  const dots = name.split(".").length - 1;
  return dots >= ndots ? [own, ...suffixed] : [...suffixed, own];
}
