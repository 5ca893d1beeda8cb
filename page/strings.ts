/**
 * Reads one line of what people paste: a URL, a connection string, a command. Of it only host and port are
 * kept.
 */
import { portOf, asksAsItStands, spell } from "./services.ts";

export interface Reading {
  readonly targets: readonly string[];
  /** Something was left out: a password, a key, options, a whole setting. */
  readonly dropped: boolean;
}

type Read = (line: string) => Reading | undefined;

/** Without the quotes and the comma that a settings file puts around it. */
export function bare(line: string): string {
  return line
    .trim()
    .replace(/^["']|["'],?$|,$/g, "")
    .trim();
}

const readers = [readJdbc, readPairs, readRedis, readUrl, readWords];

export function readLine(line: string): Reading {
  const found = firstReading(line, readers);
  if (found !== undefined) return found;
  // A setting that names no place may hold anything: a secret too.
  const isSetting = /^[A-Za-z_]\w*=/.test(line);
  return isSetting ? { targets: [], dropped: true } : { targets: [line], dropped: false };
}

function firstReading(line: string, some: readonly Read[]): Reading | undefined {
  return some.reduce<Reading | undefined>((found, read) => found ?? read(line), undefined);
}

/** The places that the value of a setting names; none when it is no connection string and no URL. */
export function placesIn(value: string): readonly string[] {
  const strings = readers.filter((read) => read !== readWords);
  return firstReading(bare(value), strings)?.targets ?? [];
}

/** `jdbc:sqlserver://db:1433;user=…`, `jdbc:postgresql://db/orders?password=…`. */
function readJdbc(line: string): Reading | undefined {
  const [, scheme = "", host, port] =
    /^jdbc:(\w+)(?::\w+)*:(?:@)?(?:\/\/)?([^\s:;/?,\\]+)(?::(\d+))?/i.exec(line) ?? [];
  if (host === undefined) return undefined;
  return {
    targets: [spell(scheme.toLowerCase(), host, port ? Number(port) : undefined)],
    dropped: true,
  };
}

/** `Server=tcp:db,1433;Password=…`: keys without spaces, in lower case. */
function pairsOf(line: string): ReadonlyMap<string, string> {
  const parts = line.includes(";") ? line.split(";") : line.split(/\s+/);
  return new Map(
    parts.flatMap((part): [string, string][] => {
      const [, name = "", value = ""] = /^\s*([\w .]+?)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
      // `NAME=Server=…`: a setting in front of the first key.
      const inner = /^(?:server|data source|endpoint|host)=(.*)$/i.exec(value);
      if (inner !== null) return [[value.split("=")[0]?.toLowerCase() ?? "", inner[1] ?? ""]];
      return name === "" ? [] : [[name.toLowerCase().replaceAll(" ", ""), value]];
    }),
  );
}

const serverKeys = ["server", "datasource", "addr", "address", "networkaddress", "host"];

function readPairs(line: string): Reading | undefined {
  if (!/^[\w .]+=/.test(line)) return undefined;
  const pairs = pairsOf(line);
  const found = [...endpointsIn(pairs), ...serverIn(pairs), ...accountIn(pairs)];
  return found.length === 0 ? undefined : { targets: found, dropped: true };
}

/** Every `…Endpoint=` of storage, Cosmos DB, Service Bus, Application Insights and the like. */
function endpointsIn(pairs: ReadonlyMap<string, string>): string[] {
  return [...pairs].flatMap(([name, value]) => {
    if (!name.endsWith("endpoint") && name !== "hostname") return [];
    const url = value.includes("://") ? value : `https://${value}`;
    return readUrl(url.replace(/[?#].*$/, "").replace(/\/$/, ""))?.targets ?? [];
  });
}

function serverIn(pairs: ReadonlyMap<string, string>): string[] {
  const key = serverKeys.find((name) => pairs.has(name));
  if (key === undefined) return [];
  const value = pairs.get(key) ?? "";
  const plain = value.replace(/^(?:tcp|admin|lpc):/i, "").replace(/\\[^,]*/, "");
  const [, host = plain, port] = /^(.*?)(?:[,:]\s*(\d+))?$/.exec(plain) ?? [];
  if (host === "") return [];
  const given = Number(port ?? pairs.get("port") ?? Number.NaN);
  return [spell(kindOf(pairs, key), host, Number.isNaN(given) ? undefined : given)];
}

/** SQL Server writes Server or Data Source, Npgsql and libpq Host, MySQL Server with Uid. */
function kindOf(pairs: ReadonlyMap<string, string>, key: string): string {
  if (key === "host") return "postgres";
  return pairs.has("uid") && pairs.has("pwd") && !pairs.has("encrypt") ? "mysql" : "sql";
}

function accountIn(pairs: ReadonlyMap<string, string>): string[] {
  const account = pairs.get("accountname");
  if (account === undefined || [...pairs.keys()].some((key) => key.endsWith("endpoint"))) return [];
  const suffix = pairs.get("endpointsuffix") ?? "core.windows.net";
  return ["blob", "queue", "table"].map((kind) => spell("https", `${account}.${kind}.${suffix}`));
}

/** StackExchange.Redis: `cache:6380,password=…,ssl=True`; brokers: `a:9092,b:9092`. */
function readRedis(line: string): Reading | undefined {
  if (!line.includes(",") || line.includes("://")) return undefined;
  const hosts = line
    .split(",")
    .map((part) => part.trim())
    .filter((part) => /^[\w.-]+:\d+$/.test(part));
  if (hosts.length > 0) {
    const dropped = line.includes("=");
    const redis = /ssl=true/i.test(line) ? "rediss" : "redis";
    // Of a list of hosts Sonde itself knows by the port what is spoken there.
    return { targets: dropped ? hosts.map((place) => `${redis}://${place}`) : hosts, dropped };
  }
  const [, host, port] = /^([\w.-]+),\s*(\d+)$/.exec(line) ?? [];
  return host === undefined ? undefined : { targets: [`tcp://${host}:${port}`], dropped: false };
}

/** `curl -v https://…`, `nc -vz db 1433`, `db 1433`: a URL among words, or a host and a port. */
function readWords(line: string): Reading | undefined {
  if (!/\s/.test(line)) return undefined;
  const url = /[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/i.exec(line)?.[0];
  if (url !== undefined) return readUrl(url);
  const [, host, port] = /(?:^|\s)([\w.-]+|\[?[\da-f:]+\]?)\s+(\d{1,5})$/i.exec(line) ?? [];
  return host === undefined
    ? undefined
    : { targets: [spell("tcp", host, Number(port))], dropped: false };
}

/** A URL keeps what the check needs: an account and the path of a database are no part of it. */
function readUrl(line: string): Reading | undefined {
  const [, scheme = "", authority, path = ""] =
    /^([a-z][a-z\d+.-]*):\/\/([^/?#\s]*)([^#\s]*)/i.exec(line) ?? [];
  if (authority === undefined) return undefined;
  const name = scheme.toLowerCase();
  const places = authority.slice(authority.lastIndexOf("@") + 1).split(",");
  const dropped = authority.includes("@");
  if (asksAsItStands(name)) return { targets: [`${name}://${places.join(",")}${path}`], dropped };
  const known = portOf(name.replace(/\+srv$/, ""));
  if (known === undefined) return undefined;
  return {
    targets: places.map((place) => placed(name, place)),
    dropped: dropped || path.length > 1,
  };
}

function placed(scheme: string, place: string): string {
  const [, host = place, port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(place) ?? [];
  return spell(scheme.replace(/\+srv$/, ""), host, port === undefined ? undefined : Number(port));
}
