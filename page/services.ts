/** Ports and schemes as connection strings and URLs write them. */

/** URLs that are asked as they stand: path and all. */
const asked = new Set(["http", "https", "tls", "tcp", "ntp"]);

/** What the checks of this Sonde speak themselves, with its usual port; for all else they open a TCP connection. */
const spoken = table(
  "tcp tls http:80 https:443 ntp:123 stun ws wss grpc grpcs sql:1433 postgres:5432 postgresql:5432 redis:6379 " +
    "rediss:6380 amqp:5672 amqps:5671 amqpwss mysql:3306 smtp:25 submission smtps:465 mongodb:27017 mongodbs ldap:389 " +
    "ldaps:636 kafka:9092 kafkas mqtt:1883 mqtts:8883 ssh:22 sftp:22 smb storage ftp:21 ftps imap imaps pop3 pop3s",
);

/** What others speak, and their names for what Sonde speaks. */
const others = table("oracle:1521 nats:4222");
const aliases = new Map([
  ["sqlserver", "sql"],
  ["mssql", "sql"],
  ["mariadb", "mysql"],
  ["sb", "amqps"],
]);

function table(written: string): ReadonlyMap<string, number | undefined> {
  return new Map(
    written.split(" ").map((one) => {
      const [name = "", port] = one.split(":");
      return [name, port === undefined ? port : Number(port)];
    }),
  );
}

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
  const name = aliases.get(scheme) ?? scheme;
  return spoken.get(name) ?? others.get(name);
}

/** A target that this Sonde understands: `https://host`, `tcp://db:1433`. */
export function spell(scheme: string, host: string, port = portOf(scheme)): string {
  const name = aliases.get(scheme) ?? scheme;
  const own = spoken.has(name);
  const bare = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const tail = port === undefined || (own && port === spoken.get(name)) ? "" : `:${port}`;
  return `${own ? name : "tcp"}://${bare}${tail}`;
}

export function asksAsItStands(scheme: string): boolean {
  return asked.has(scheme);
}
