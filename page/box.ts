/**
 * Reads what was typed or pasted into the one box, here in the browser: of a connection string only
 * host and port are kept, and the rest never leaves this page.
 */
import { portOf, asksAsItStands, spell } from "./services.ts";

export interface Reading {
  readonly targets: readonly string[];
  /** Something was left out: a password, a key, options. */
  readonly dropped: boolean;
}

type Read = (line: string) => Reading | undefined;

/** One target a line; the readers are asked in turn. */
export function readBox(pasted: string): Reading {
  const lines = pasted.split(/[\r\n]+/).map(bare);
  const read = lines.filter((line) => line !== "" && !line.startsWith("#")).map(readLine);
  return {
    targets: [...new Set(read.flatMap(({ targets }) => targets))],
    dropped: read.some(({ dropped }) => dropped),
  };
}

/** Without the quotes and the comma that a settings file puts around it. */
function bare(line: string): string {
  return line
    .trim()
    .replace(/^["']|["'],?$|,$/g, "")
    .trim();
}

function readLine(line: string): Reading {
  const asIs: Reading = { targets: [line], dropped: false };
  return (
    [readJdbc, readPairs, readRedis, readWords, readUrl].reduce<Reading | undefined>(
      (found, read: Read) => found ?? read(line),
      undefined,
    ) ?? asIs
  );
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
  return [spell("https", `${account}.blob.${suffix}`)];
}

/** StackExchange.Redis: `cache:6380,password=…,ssl=True`; brokers: `a:9092,b:9092`. */
function readRedis(line: string): Reading | undefined {
  if (!line.includes(",") || line.includes("://")) return undefined;
  const parts = line.split(",").map((part) => part.trim());
  const hosts = parts.filter((part) => /^[\w.-]+:\d+$/.test(part));
  if (hosts.length > 0) {
    const dropped = parts.some((part) => part.includes("="));
    return { targets: hosts.map((host) => `tcp://${host}`), dropped };
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

/** Whether a line names a host and no port, so that ports may be offered. */
export function lacksPort(typed: string): boolean {
  return /^[\w-]+(\.[\w-]+)*\.?$/.test(typed.trim()) && !/^\d+$/.test(typed.trim());
}
