/**
 * Reads pasted app settings, here in the browser: of every value only the place that it names is kept,
 * as a target, and all the rest is dropped.
 */
import { placesIn } from "./strings.ts";
import { isKnown, list, parse, text } from "./known.ts";
import { spell } from "./services.ts";

export interface Settings {
  readonly targets: readonly string[];
  /** How many values were left out, in whole or in part. */
  readonly dropped: number;
}

type Pair = readonly [name: string, value: string];

/** Nothing when it is no list of settings: JSON of az or of the portal, local.settings.json, `NAME=value` lines. */
export function readSettings(pasted: string): Settings | undefined {
  const pairs = /^\s*[[{]/.test(pasted) ? inJson(parse(pasted)) : inLines(pasted);
  if (pairs.length === 0) return undefined;
  const all = new Map(pairs);
  const found = pairs.map(([name, value]) => placesOf(name, value, all));
  return {
    targets: [...new Set(found.flat())],
    dropped: pairs.length,
  };
}

/** `[{name, value}]`, `{name: value}`, `{name: {value}}`, each perhaps below one more name. */
function inJson(value: unknown): Pair[] {
  if (Array.isArray(value)) {
    return list(value).flatMap((one): Pair[] => {
      const name = isKnown(one) ? text(one["name"]) : undefined;
      const said = isKnown(one) ? (text(one["value"]) ?? text(one["connectionString"])) : undefined;
      return name === undefined || said === undefined ? [] : [[name, said]];
    });
  }
  if (!isKnown(value)) return [];
  return Object.entries(value).flatMap(([name, one]): Pair[] => {
    if (typeof one === "string") return [[name, one]];
    const inner = isKnown(one) ? text(one["value"]) : undefined;
    return inner === undefined ? inJson(one) : [[name, inner]];
  });
}

/** A file of variables: every line that says something has the form `NAME=value`. */
function inLines(pasted: string): Pair[] {
  const lines = pasted
    .split(/[\r\n]+/)
    .map((line) => line.trim().replace(/^export\s+/, ""))
    .filter((line) => line !== "" && !line.startsWith("#"));
  const pairs = lines.flatMap((line): Pair[] => {
    const [, name, value = ""] = /^([A-Za-z_][\w.:-]*)\s*=\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, "$2")]];
  });
  return pairs.length === lines.length && lines.length > 1 ? pairs : [];
}

/** The platform's own, which name no dependency. */
const platform =
  /^(?:WEBSITE_(?!CONTENTAZUREFILECONNECTIONSTRING|RUN_FROM_PACKAGE)|SCM_|FUNCTIONS_|SONDE_)/i;

function placesOf(name: string, value: string, all: ReadonlyMap<string, string>): string[] {
  if (platform.test(name)) return [];
  const vault =
    /@Microsoft\.KeyVault\(.*?(?:VaultName=([\w-]+)|SecretUri=https:\/\/([\w.-]+))/i.exec(value);
  if (vault !== null) return [`https://${vault[2] ?? `${vault[1]}.vault.azure.net`}`];
  const places = placesIn(value);
  if (places.length > 0) return places.map(withoutQuery);
  return hostOf(name, value, all);
}

/** A signature may stand in the query of a URL, and a check of the host needs none. */
function withoutQuery(target: string): string {
  return target.replace(/[?#].*$/, "");
}

/** `DB_HOST` with `DB_PORT` beside it, `fullyQualifiedNamespace` of a binding, `host:port` anywhere. */
function hostOf(name: string, value: string, all: ReadonlyMap<string, string>): string[] {
  const [, host = "", own] = /^([\w.-]+?)(?::(\d{1,5}))?$/.exec(value) ?? [];
  if (host === "") return [];
  if (/fullyQualifiedNamespace$/i.test(name)) return [spell("amqps", host)];
  const beside = portBeside(name, all);
  const port = own ?? beside;
  // A host that stands beside its port may be a short name; a version is no address.
  const isPlace = beside !== undefined || isHost(host);
  return isPlace && port !== undefined ? [spell("tcp", host, Number(port))] : [];
}

function portBeside(name: string, all: ReadonlyMap<string, string>): string | undefined {
  const [, start] = /^(.*?)(?:HOST|SERVER|HOSTNAME|FQDN|ENDPOINT|ADDRESS)$/i.exec(name) ?? [];
  const port = start === undefined ? undefined : all.get(`${start}PORT`);
  return /^\d{1,5}$/.test(port ?? "") ? port : undefined;
}

function isHost(name: string): boolean {
  return /[a-z]/i.test(name) ? name.includes(".") : /^\d+(?:\.\d+){3}$/.test(name);
}
