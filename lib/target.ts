/**
 * What a caller points at: `[scheme://]host[:port][/path]`, `[v6]:port`. A bare well-known port implies
 * its scheme. Pure: the schemes come in as a table.
 */
import { canonicalHost, formatAddress } from "./policy/address.ts";

export interface Target {
  /** As the caller wrote it. */
  readonly input: string;
  readonly scheme: string;
  /** Canonical: an address literal, or a lower-case name in A-labels without its final dot. */
  readonly host: string;
  readonly isAddress: boolean;
  /** Written with a final dot: no search list applies. */
  readonly absolute: boolean;
  readonly port: number;
  /** Path and query, starting with a slash. */
  readonly path: string;
  /** Set where the caller gave a connection string instead, of which nothing else was kept. */
  readonly connection?: Connection;
}

/** A connection string that was read for its place. */
export interface Connection {
  /** `scheme://host:port`. */
  readonly place: string;
  /** What else it held, by name. */
  readonly leftOut: readonly string[];
}

/** Scheme by name: the port it implies, if any. */
export type SchemePorts = Readonly<Record<string, number | undefined>>;

export interface TargetRules {
  readonly schemes: SchemePorts;
  /** Further well-known ports, and the scheme that each implies. */
  readonly ports?: ReadonlyMap<number, string>;
  /** The scheme of a target that names neither a scheme nor a well-known port; without it one is needed. */
  readonly otherwise?: string;
  /**
   * Instead of `otherwise`, for a port that implies nothing and no path: nobody said what is spoken there,
   * so nothing is claimed of it.
   */
  readonly atAnyPort?: string;
}

export type Wrong = { readonly wrong: string };

const MOST = 2048;

export function parseTarget(input: string, rules: TargetRules): Target | Wrong {
  if (input.length > MOST) return { wrong: `longer than ${MOST} characters` };
  const text = input.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && !Object.hasOwn(rules.schemes, scheme)) {
    return { wrong: `the scheme ${scheme} is not known: use ${oneOf(rules.schemes)}` };
  }
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
  const [authority, path] = cut(rest);
  if (authority.includes("@")) {
    return { wrong: "a target holds no user name or password: leave out everything up to the @" };
  }
  const place = readAuthority(authority);
  if ("wrong" in place) return place;
  return complete(input, place, scheme, path, rules);
}

function cut(rest: string): [authority: string, path: string] {
  const at = rest.search(/[/?#]/);
  if (at < 0) return [rest, "/"];
  const path = rest.slice(at).replace(/#.*$/s, "");
  return [rest.slice(0, at), path.startsWith("/") ? path : `/${path}`];
}

interface Place {
  readonly host: string;
  readonly isAddress: boolean;
  readonly absolute: boolean;
  readonly port: number | undefined;
}

function readAuthority(authority: string): Place | Wrong {
  if (authority === "") return { wrong: "no host is named" };
  const parts = splitPort(authority);
  if ("wrong" in parts) return parts;
  const host = canonicalHost(parts.host);
  if (host.kind === "wrong") return { wrong: host.why };
  // Resolvers take no such host, and in a line to paste it would be read as an option: ssh -x.
  if (host.kind === "name" && host.name.startsWith("-")) {
    return { wrong: "a host does not begin with a hyphen" };
  }
  return host.kind === "address"
    ? { host: formatAddress(host.address), isAddress: true, absolute: true, port: parts.port }
    : { host: host.name, isAddress: false, absolute: host.absolute, port: parts.port };
}

function splitPort(authority: string): { host: string; port: number | undefined } | Wrong {
  const bracketed = /^(\[[^\]]*\])(?::(.*))?$/s.exec(authority);
  // More than one colon without brackets is an IPv6 address on its own.
  const bare =
    authority.split(":").length > 2 ? ["", authority] : /^([^:]*)(?::(.*))?$/s.exec(authority);
  const [, host = authority, digits] = bracketed ?? bare ?? [];
  if (digits === undefined) return { host, port: undefined };
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535) return { wrong: "the port must be a number from 1 to 65535" };
  return { host, port };
}

function complete(
  input: string,
  place: Place,
  named: string | undefined,
  path: string,
  rules: TargetRules,
): Target | Wrong {
  const scheme = named ?? impliedBy(place.port, path, rules);
  if (scheme === undefined) return { wrong: `a scheme is needed: ${oneOf(rules.schemes)}` };
  const port = place.port ?? rules.schemes[scheme];
  if (port === undefined) {
    return { wrong: `a port is needed: ${scheme} implies none, as in ${place.host}:5432` };
  }
  const { host, isAddress, absolute } = place;
  return { input, scheme, host, isAddress, absolute, port, path };
}

function impliedBy(
  port: number | undefined,
  path: string,
  { schemes, ports, otherwise, atAnyPort }: TargetRules,
): string | undefined {
  if (port === undefined) return otherwise;
  const known = Object.keys(schemes).find((name) => schemes[name] === port) ?? ports?.get(port);
  return known ?? (path === "/" ? atAnyPort : undefined) ?? otherwise;
}

function oneOf(schemes: SchemePorts): string {
  return `one of ${Object.keys(schemes).join(", ")}`;
}

/** A target as a report shows it. Path and query stay out: they may hold a secret. */
export function reported(target: Target, scheme = target.scheme) {
  const { host, port } = target;
  const input = /^\s*(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*/i.exec(target.input)?.[0].trim() ?? "";
  return { input, scheme, host, port };
}
