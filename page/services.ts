/** Ports and schemes as connection strings and URLs write them. */

/** URLs that are asked as they stand: path and all. */
const asked = new Set(["http", "https", "tls", "tcp", "ntp"]);

/** What the checks of this Sonde speak themselves; for all else they open a TCP connection. */
const spoken = new Set(
  (
    "tcp tls http https ntp stun ws wss grpc grpcs sql postgres postgresql redis rediss amqp amqps amqpwss mysql smtp " +
    "submission smtps mongodb mongodbs ldap ldaps kafka kafkas mqtt mqtts ssh sftp smb storage ftp ftps imap " +
    "imaps pop3 pop3s"
  ).split(" "),
);

/** Other people's names for them. */
const aliases: Readonly<Record<string, string>> = {
  sqlserver: "sql",
  mssql: "sql",
  mariadb: "mysql",
  sb: "amqps",
};

const ports: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ntp: 123,
  sql: 1433,
  sqlserver: 1433,
  mssql: 1433,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  oracle: 1521,
  redis: 6379,
  rediss: 6380,
  amqp: 5672,
  amqps: 5671,
  sb: 5671,
  mongodb: 27_017,
  kafka: 9092,
  mqtt: 1883,
  mqtts: 8883,
  ldap: 389,
  ldaps: 636,
  smtp: 25,
  smtps: 465,
  ssh: 22,
  sftp: 22,
  ftp: 21,
  nats: 4222,
};

/** Offered while no port is named. */
export const ghosts = [
  ["https", 443],
  ["sql", 1433],
  ["postgres", 5432],
  ["redis", 6380],
  ["amqps", 5671],
  ["ntp", 123],
] as const;

export function portOf(scheme: string): number | undefined {
  return Object.hasOwn(ports, scheme) ? ports[scheme] : undefined;
}

/** A target that this Sonde understands: `https://host`, `tcp://db:1433`. */
export function spell(scheme: string, host: string, port?: number): string {
  const name = aliases[scheme] ?? scheme;
  const own = spoken.has(name);
  const known = port ?? portOf(scheme);
  const bare = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const tail = known === undefined || (own && known === ports[name]) ? "" : `:${known}`;
  return `${own ? name : "tcp"}://${bare}${tail}`;
}

export function asksAsItStands(scheme: string): boolean {
  return asked.has(scheme);
}
