/**
 * The endpoints of hybrid connections in WEBSITE_RELAYS. The documentation says only that the
 * variable holds "endpoints and service bus data", not how: so host and port are looked for in the
 * forms such data takes (JSON objects, or `host:port` in a list), and nothing else is kept.
 */
import { parseJson } from "../protocols/json.ts";

export interface Relay {
  readonly host: string;
  readonly port: number;
}

const label = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
const hostShape = new RegExp(`^${label}(?:\\.${label}){0,15}$`);
const hostKeys = ["hostname", "host"];
const portKeys = ["port"];
const pairKeys = ["endpoint", "address"];

/** Never throws: what cannot be read as host and port is left out. Each endpoint once, lower-cased. */
export function parseRelays(text: string): readonly Relay[] {
  const found = new Map<string, Relay>();
  for (const each of fromJson(text) ?? text.split(/[;,|\s]+/).map(pair)) {
    if (each !== undefined) found.set(`${each.host}:${each.port}`, each);
  }
  return [...found.values()];
}

function fromJson(text: string): readonly (Relay | undefined)[] | undefined {
  const value = parseJson(text);
  return typeof value === "object" ? walk(value, 0) : undefined;
}

function walk(value: unknown, depth: number): readonly (Relay | undefined)[] {
  if (depth > 6) return [];
  if (typeof value === "string") return [pair(value)];
  if (Array.isArray(value)) return value.flatMap((item) => walk(item, depth + 1));
  if (typeof value !== "object" || value === null) return [];
  const entries = new Map(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key.toLowerCase(), item]),
  );
  const pick = (keys: readonly string[]): unknown =>
    keys.map((key) => entries.get(key)).find((item) => item !== undefined);
  const inside = [...entries]
    .filter(([key, item]) => typeof item === "object" || pairKeys.includes(key))
    .flatMap(([, item]) => walk(item, depth + 1));
  return [relay(pick(hostKeys), pick(portKeys)), ...inside];
}

function pair(text: string): Relay | undefined {
  const colon = text.lastIndexOf(":");
  return colon < 0 ? undefined : relay(text.slice(0, colon), text.slice(colon + 1));
}

function relay(host: unknown, port: unknown): Relay | undefined {
  if (typeof host !== "string" || !hostShape.test(host)) return undefined;
  if (typeof port !== "number" && (typeof port !== "string" || !/^\d{1,5}$/.test(port)))
    return undefined;
  const number = Number(port);
  return Number.isInteger(number) && number >= 1 && number <= 65_535
    ? { host: host.toLowerCase(), port: number }
    : undefined;
}

/** The relay namespaces that the variable names, wherever in it they stand: names of hosts, and no keys. */
export function relayNamespaces(text: string): readonly string[] {
  const found = text.match(/\b[a-z][a-z0-9-]{4,48}[a-z0-9]\.servicebus\.windows\.net\b/gi) ?? [];
  return [...new Set(found.map((host) => host.toLowerCase()))];
}
