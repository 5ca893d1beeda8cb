/** Who is asked: the system resolver, c-ares, and servers with the place they were configured in. */
import type { Here } from "../here.ts";
import { AZURE_DNS } from "../platform/detect.ts";
import { placeOf } from "../protocols/authority.ts";
import { isCaresType, type CaresType } from "../stages/ask-cares.ts";
import type { Question } from "../stages/carry.ts";
import type { Target } from "../target.ts";
import type { Asked } from "./dns-input.ts";

export interface ServerView {
  readonly view: "server";
  readonly type: string;
  readonly target: Target;
  readonly origin?: string;
  /** The names that the search list makes of the one asked for, in turn. */
  readonly names: readonly string[];
  /** Of the first type that its server is asked for. */
  readonly first: boolean;
  /** It explains what others say, and decides nothing. */
  readonly opinion?: true;
}

/** The system resolver knows addresses and nothing else; c-ares the types that Node can ask it for. */
export type LocalView =
  | { readonly view: "system"; readonly type: "A" | "AAAA" }
  | { readonly view: "cares"; readonly type: CaresType };

export type View = LocalView | ServerView;

/** resolv.conf may list any number; more than these are not asked. */
const CONFIGURED_MOST = 9;

/** It is asked what the application asks, search list and all. */
const OPINION = "Azure DNS, a second opinion";

/** Every view for every type: at most 48 in all, 12 views of at most four types, or 20 with `server`. */
export function viewsOf(asked: Asked, here: Here): View[] {
  const types = typesOf(asked);
  const wantsAll = asked.views === "all";
  const named = asked.server.length > 0;
  const local = types.flatMap((type): LocalView[] => [
    ...((!named || wantsAll) && isAddressType(type) ? [{ view: "system" as const, type }] : []),
    ...(wantsAll && isCaresType(type) ? [{ view: "cares" as const, type }] : []),
  ]);
  const servers = [
    // A run tells its servers apart by their targets, and a suite asks the same question again.
    ...asked.server.map((target) => ({ target: { ...target } })),
    ...(named && !wantsAll ? [] : configured(here)),
  ];
  const viewsAt = (server: Server) =>
    types.map((type, index): ServerView => {
      const isSearched = isOfHost(server) || (!named && server.origin === OPINION);
      const names = isSearched ? here.searched(asked.name) : [absolute(asked.name)];
      return { view: "server", ...server, type, names, first: index === 0 };
    });
  const first: View[] = [...(asked.class === "IN" ? local : []), ...servers.flatMap(viewsAt)];
  // Where nobody else is asked for a type, the second opinion is the answer.
  const beside = (view: ServerView): View =>
    first.some(({ type }) => type === view.type) ? { ...view, opinion: true } : view;
  return [...first, ...azure(asked, here).flatMap(viewsAt).map(beside)];
}

/** `10.0.0.4:53`, with the type where several are asked for. */
export function labelOf(view: View, several: boolean): string {
  const place = view.view === "server" ? serverOf(view.target) : view.view;
  return several ? `${place} ${view.type}` : place;
}

function serverOf(target: Target): string {
  const { scheme } = target;
  const place = placeOf(target);
  return ["tcp", "tls", "https"].includes(scheme) ? `${scheme}://${place}` : place;
}

export function typesOf({ name, type }: Asked): readonly string[] {
  if (type.length > 0) return [...new Set(type)];
  return [/\.(in-addr|ip6)\.arpa\.?$/.test(name) ? "PTR" : "A"];
}

export function questionOf(asked: Asked, type: string, { scheme }: Target): Question {
  const { name, rd, cd, cookie, doh, tries, timeoutMs, nsid, do: dnssecOk } = asked;
  return {
    name: absolute(name),
    type,
    class: asked.class,
    transport: scheme === "tcp" || scheme === "tls" || scheme === "https" ? scheme : "udp",
    rd,
    cd,
    edns: asked.edns === "off" ? "off" : { udpSize: asked.edns, dnssecOk, nsid },
    cookie,
    doh,
    tries,
    timeoutMs,
    searched: false,
  };
}

interface Server {
  readonly target: Target;
  readonly origin?: string;
}

function configured({ resolvers }: Here): Server[] {
  return resolvers.slice(0, CONFIGURED_MOST).map(({ address, port, origin }) => ({
    target: literal(address, port),
    origin: address === AZURE_DNS ? `${origin} (Azure DNS)` : origin,
  }));
}

function azure({ azure: wanted, server }: Asked, { resolvers, vantage }: Here): Server[] {
  const onAzure = ["app-service", "container-apps"].includes(vantage.platform);
  const isThere = resolvers.some(({ address }) => address === AZURE_DNS);
  if (!(wanted ?? (onAzure && server.length === 0)) || (isThere && server.length === 0)) return [];
  return [{ target: literal(AZURE_DNS, 53), origin: OPINION }];
}

/** A named server is asked for exactly this name; those of resolv.conf for what the C library makes of it. */
function isOfHost({ origin = "" }: Server): boolean {
  return origin.startsWith("/etc/resolv.conf");
}

function absolute(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}

export function isAddressType(type: string): type is "A" | "AAAA" {
  return type === "A" || type === "AAAA";
}

function literal(host: string, port: number): Target {
  return { input: host, scheme: "dns", host, isAddress: true, absolute: true, port, path: "/" };
}
