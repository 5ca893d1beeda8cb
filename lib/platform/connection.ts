/**
 * Host and port out of what apps keep in their settings: connection strings, URLs, references. Nothing else
 * of a value is ever given back, whatever it holds: no account, no key, no path, no query.
 */
import { keyed, pairsIn, type Pairs } from "./pairs.ts";
import { at, byPort, type Place } from "./place.ts";
import { serverIn } from "./servers.ts";

export interface Reading {
  readonly places: readonly Place[];
  /** The value is still a reference that the platform should have put a secret in place of. */
  readonly reference?: "Key Vault" | "App Configuration";
}

type Read = (value: string, name: string) => Reading | undefined;

/** What the value of a setting points at; nothing when it cannot be read as one of the known forms. Never throws. */
export function readConnection(value: string, name = ""): Reading | undefined {
  const text = value.trim();
  if (text === "" || text.length > MOST) return undefined;
  for (const read of readers) {
    const found = read(text, name);
    if (found !== undefined) return found.places.length === 0 ? undefined : found;
  }
  return undefined;
}

const MOST = 16_384;

const readers: readonly Read[] = [
  readReference,
  readIdentity,
  readJdbc,
  readUrl,
  readPairs,
  readRedis,
  readList,
];

/** https://learn.microsoft.com/azure/app-service/app-service-key-vault-references */
function readReference(value: string): Reading | undefined {
  const [, kind, inside = ""] =
    /^@Microsoft\.(KeyVault|AppConfiguration)\((.*)\)$/i.exec(value) ?? [];
  if (kind === undefined) return undefined;
  const pairs = pairsIn(inside);
  if (kind.toLowerCase() !== "keyvault") {
    const places = urls(keyed(pairs, "endpoint") ?? "");
    return { places, reference: "App Configuration" };
  }
  const vault = keyed(pairs, "vaultname") ?? "";
  const host = /^[a-z0-9-]{3,24}$/i.test(vault) ? `${vault}.vault.azure.net` : "";
  const places = host === "" ? urls(keyed(pairs, "secreturi") ?? "") : at("https", host);
  return { places, reference: "Key Vault" };
}

/**
 * Connections by managed identity are several settings: `Orders__fullyQualifiedNamespace` and the like.
 * https://learn.microsoft.com/azure/azure-functions/functions-reference
 */
function readIdentity(value: string, name: string): Reading | undefined {
  const [, part = ""] = /(?:__|:)(fullyQualifiedNamespace|accountName)$/i.exec(name) ?? [];
  if (part === "") return undefined;
  if (part.toLowerCase() === "accountname") return { places: account(value, "core.windows.net") };
  return { places: at("amqps", value.replace(/\.$/, "")) };
}

/** `jdbc:sqlserver://db:1433;user=…`, `jdbc:postgresql://a,b/orders?password=…`, `jdbc:oracle:thin:u/p@db:1521:X`. */
function readJdbc(value: string): Reading | undefined {
  const [, oracle] =
    /^jdbc:oracle:\w+:[^@]*@(?:\/\/)?([^\s:;/?,\\@]+(?::\d{1,5})?)(?=[:/?]|$)/i.exec(value) ?? [];
  if (oracle !== undefined) return { places: hostsIn("oracle", oracle) };
  const [, scheme = "", authority, rest = ""] =
    /^jdbc:(\w+)(?::\w+)*:\/\/([^/?#\s;]*)(.*)$/is.exec(value) ?? [];
  if (authority === undefined) return undefined;
  // SQL Server: an instance stands behind the host, and the host may be a property.
  if (authority !== "") return { places: hostsIn(scheme, authority.replace(/\\[^,:]*/, "")) };
  const pairs = pairsIn(rest.replace(/^;/, ""));
  return { places: at(scheme, keyed(pairs, "servername") ?? "", keyed(pairs, "portnumber")) };
}

function readUrl(value: string): Reading | undefined {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? { places: urls(value) } : undefined;
}

function urls(value: string): readonly Place[] {
  const [, scheme = "", authority = ""] = /^([a-z][a-z\d+.-]*):\/\/([^/?#\s;]*)/i.exec(value) ?? [];
  // The hosts of `mongodb+srv` stand in DNS; what is written is the name to ask for them.
  if (/\+srv$/i.test(scheme)) return [];
  const isSecured = /^mongodb$/i.test(scheme) && /[?&](?:ssl|tls)=true\b/i.test(value);
  return hostsIn(isSecured ? "mongodbs" : scheme, authority);
}

/** All hosts of an authority, where several are listed as MongoDB, Redis and PostgreSQL do. */
function hostsIn(scheme: string, authority: string): readonly Place[] {
  const hosts = authority.slice(authority.lastIndexOf("@") + 1).split(",");
  return hosts.flatMap((each) => {
    const [, host, port] = /^(\[[\da-f:.]+\]|[^:]*)(?::(\d{1,5}))?$/i.exec(each) ?? [];
    // `db,1433` is one host in the manner of SQL Server.
    return host === undefined || /^\d+$/.test(host) ? [] : at(scheme, host, port);
  });
}

function readPairs(value: string, name: string): Reading | undefined {
  const pairs = pairsIn(value);
  if (pairs.length === 0) return undefined;
  const places = [...endpointsIn(pairs), ...accountIn(pairs), ...insightsIn(pairs)];
  const found = places.length > 0 ? places : serverIn(pairs, name);
  return found.length === 0 ? undefined : { places: found };
}

/** Every `…Endpoint=` of Storage, Cosmos DB, Service Bus, SignalR, Application Insights and the like. */
function endpointsIn(pairs: Pairs): readonly Place[] {
  const found = pairs.flatMap(([key, value]) => {
    if (!/(?:endpoint|^hostname)$/.test(key)) return [];
    return urls(value.includes("://") ? value : `https://${value}`);
  });
  return found.map((place) => (place.scheme === "amqps" ? { ...place, ...busIn(pairs) } : place));
}

/** How the clients of Service Bus and Event Hubs get there when it is not by AMQP over TLS. */
function busIn(pairs: Pairs): Partial<Place> {
  if (/^amqpwebsockets$/i.test(keyed(pairs, "transporttype") ?? "")) {
    return { scheme: "amqpwss", port: 443 };
  }
  const isEmulator = /^true$/i.test(keyed(pairs, "usedevelopmentemulator") ?? "");
  return isEmulator ? { scheme: "amqp", port: 5672 } : {};
}

function accountIn(pairs: Pairs): readonly Place[] {
  const named = keyed(pairs, "accountname");
  const isSpelled = pairs.some(([key]) => key.endsWith("endpoint"));
  if (named === undefined || isSpelled) return [];
  return account(named, keyed(pairs, "endpointsuffix") ?? "core.windows.net");
}

/** What a Functions host asks of an account. */
function account(name: string, suffix: string): readonly Place[] {
  if (!/^[a-z0-9]{3,24}$/i.test(name)) return [];
  return ["blob", "queue", "table"].flatMap((part) => at("https", `${name}.${part}.${suffix}`));
}

/** Without an endpoint of its own it is the global one, as before there were connection strings. */
function insightsIn(pairs: Pairs): readonly Place[] {
  const isBare =
    keyed(pairs, "instrumentationkey") !== undefined &&
    !pairs.some(([key]) => key.endsWith("endpoint"));
  return isBare ? at("https", "dc.services.visualstudio.com") : [];
}

const hostAndPort = /^(\[[\da-f:.]+\]|[^:=]+)(?::(\d{1,5}))?$/i;

const redisOption = /^(?:password|ssl|abortconnect|user) *=/i;

/** StackExchange.Redis: `cache:6380,other:6380,password=…,ssl=True`. */
function readRedis(value: string): Reading | undefined {
  const parts = value.split(",").map((part) => part.trim());
  if (!parts.slice(1).some((part) => redisOption.test(part))) return undefined;
  const isSecured = parts.some((one) => /^ssl *= *true$/i.test(one));
  // What follows an option may be the rest of a password with a comma in it.
  const endpoints = parts.slice(
    0,
    parts.findIndex((part) => part.includes("=")),
  );
  const places = endpoints.flatMap((each) => {
    const [, host, port] = hostAndPort.exec(each) ?? [];
    return host === undefined ? [] : at(isSecured ? "rediss" : "redis", host, port);
  });
  return { places };
}

/** Names of settings that are said to hold a place: a plain `word:digits` elsewhere may be a secret. */
const saysPlace = /host|server|endpoint|address|ur[il]|broker|bootstrap|namespace|cache|redis/i;

/** Brokers: `a:9092,b:9092`; `host:port`, or a name with dots, alone. */
function readList(value: string, name: string): Reading | undefined {
  if (!saysPlace.test(name)) return undefined;
  const places = value.split(",").flatMap((part) => {
    const [, host, port] = hostAndPort.exec(part.trim()) ?? [];
    if (host === undefined) return [];
    if (port === undefined) return host.includes(".") ? at("https", host) : [];
    return at(byPort[Number(port)] ?? "tcp", host, port);
  });
  return { places };
}
