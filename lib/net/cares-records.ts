/** What c-ares can be asked for by way of Node, and its answers in the words of a zone file, as `dig` has them. */
import type { CaaRecord, NaptrRecord, SoaRecord, SrvRecord, TlsaRecord } from "node:dns";
import type { Resolver } from "node:dns/promises";
import { hex, quoted } from "../protocols/dns/text.ts";

export interface Found {
  readonly data: string;
  /** Seconds; Node hands it on for addresses only. */
  readonly ttl?: number;
}

/** Names come without the dot at their end, and the root as nothing. */
const absolute = (name: string) => (name.endsWith(".") ? name : `${name}.`);

/** One octet a character. */
const text = (part: string) => quoted(Buffer.from(part, "latin1"));

/** Newer versions of Node add the type of the record to its property. */
function caa({ critical, ...property }: CaaRecord): string {
  const properties: [string, unknown][] = Object.entries(property);
  const [tag, value] = properties.find(([key]) => key !== "type") ?? ["", ""];
  return `${critical} ${tag} ${text(String(value))}`;
}

function naptr({ order, preference, flags, service, regexp, replacement }: NaptrRecord): string {
  const strings = [flags, service, regexp].map(text);
  return [order, preference, ...strings, absolute(replacement)].join(" ");
}

function soa({ nsname, hostmaster, serial, refresh, retry, expire, minttl }: SoaRecord): string {
  const names = [nsname, hostmaster].map(absolute);
  return [...names, serial, refresh, retry, expire, minttl].join(" ");
}

const srv = ({ priority, weight, port, name }: SrvRecord) =>
  `${priority} ${weight} ${port} ${absolute(name)}`;

const tlsa = ({ certUsage, selector, match, data }: TlsaRecord) =>
  `${certUsage} ${selector} ${match} ${hex(Buffer.from(data))}`;

const all = (data: readonly string[]): Found[] => data.map((one) => ({ data: one }));

/** How each type is asked for. */
const askers = {
  A: async (by: Resolver, name: string) => by.resolve4(name, { ttl: true }).then(timed),
  AAAA: async (by: Resolver, name: string) => by.resolve6(name, { ttl: true }).then(timed),
  CAA: async (by: Resolver, name: string) => all((await by.resolveCaa(name)).map(caa)),
  CNAME: async (by: Resolver, name: string) => all((await by.resolveCname(name)).map(absolute)),
  MX: async (by: Resolver, name: string) =>
    all((await by.resolveMx(name)).map((one) => `${one.priority} ${absolute(one.exchange)}`)),
  NAPTR: async (by: Resolver, name: string) => all((await by.resolveNaptr(name)).map(naptr)),
  NS: async (by: Resolver, name: string) => all((await by.resolveNs(name)).map(absolute)),
  PTR: async (by: Resolver, name: string) => all((await by.resolvePtr(name)).map(absolute)),
  SOA: async (by: Resolver, name: string) => all([soa(await by.resolveSoa(name))]),
  SRV: async (by: Resolver, name: string) => all((await by.resolveSrv(name)).map(srv)),
  TLSA: async (by: Resolver, name: string) => all((await by.resolveTlsa(name)).map(tlsa)),
  TXT: async (by: Resolver, name: string) =>
    all((await by.resolveTxt(name)).map((parts) => parts.map(text).join(" "))),
};

export type CaresType = keyof typeof askers;

export const isCaresType = (type: string): type is CaresType => Object.hasOwn(askers, type);

/** Rejects with the errors of `node:dns`. */
export function askFor(by: Resolver, name: string, type: CaresType): Promise<readonly Found[]> {
  return askers[type](by, name);
}

function timed(found: readonly { readonly address: string; readonly ttl: number }[]): Found[] {
  return found.map(({ address, ttl }) => ({ data: address, ttl }));
}
