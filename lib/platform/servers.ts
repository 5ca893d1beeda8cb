/** The server in a connection string of a relational database. */
import { keyed, type Pairs } from "./pairs.ts";
import { at, type Place } from "./place.ts";

const serverKeys = ["server", "datasource", "addr", "address", "networkaddress", "host"];

/** The server of a relational database, in the keywords of its client library. */
export function serverIn(pairs: Pairs, name: string): readonly Place[] {
  const key = serverKeys.find((one) => keyed(pairs, one) !== undefined);
  if (key === undefined) return [];
  const plain = (keyed(pairs, key) ?? "").replace(/^(?:tcp|admin):/i, "").replace(/\\[^,]*/, "");
  // Npgsql and libpq list hosts, each with a port of its own; of SQL Server the port follows a comma.
  const several = key === "host" ? plain.split(",") : [plain];
  // A virtual host is RabbitMQ's, as EasyNetQ writes it.
  const isRabbit = keyed(pairs, "virtualhost") !== undefined;
  const ports = (keyed(pairs, "port") ?? "").split(",");
  return several.flatMap((each, index) => {
    const [, host = "", port] =
      /^(\[[\da-f:.]+\]|[^,:]*)(?:[,:]\s*(\d{1,5}))?$/i.exec(each.trim()) ?? [];
    const own = port ?? (ports[index] ?? ports[0])?.trim();
    return at(
      isRabbit ? "amqp" : dialect(pairs, key, host, name),
      host,
      own === "" ? undefined : own,
    );
  });
}

const dialects: readonly (readonly [sign: RegExp, scheme: string])[] = [
  [/\.mysql\.database\.|^mysqlconnstr_|mysql|mariadb/i, "mysql"],
  [/\.postgres\.(?:database|cosmos)\.|^postgresqlconnstr_|postgres/i, "postgres"],
  [
    /\.database\.(?:windows|usgovcloudapi|chinacloudapi)\.|^sql(?:azure)?connstr_|sql server|msoledb|sqlncli/i,
    "sql",
  ],
];

/** SqlClient writes Server or Data Source and has no Port; Npgsql and libpq write Host; MySQL Server and Port. */
function dialect(pairs: Pairs, key: string, host: string, name: string): string {
  const signs = [host, name, keyed(pairs, "driver") ?? keyed(pairs, "provider") ?? ""];
  const [told] = signs.flatMap((one) => dialects.filter(([sign]) => sign.test(one)));
  if (told !== undefined) return told[1];
  if (key === "host") return "postgres";
  const has = (one: string) => keyed(pairs, one) !== undefined;
  const isMysql = has("port") || has("sslmode") || (has("uid") && !has("encrypt") && has("pwd"));
  return isMysql ? "mysql" : "sql";
}
