/** Where a setting points: what is kept of it, and which words and ports mean what. */

/** Where a setting points. `scheme` is one that a check can climb. */
export interface Place {
  readonly scheme: string;
  /** A name, or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The port that a scheme implies, and what a check calls it. */
const schemes: Readonly<Record<string, readonly [scheme: string, port: number]>> = {
  http: ["http", 80],
  https: ["https", 443],
  ws: ["ws", 80],
  wss: ["wss", 443],
  sqlserver: ["sql", 1433],
  mssql: ["sql", 1433],
  sql: ["sql", 1433],
  postgres: ["postgres", 5432],
  postgresql: ["postgres", 5432],
  mysql: ["mysql", 3306],
  mysqlx: ["tcp", 33_060],
  mariadb: ["mysql", 3306],
  oracle: ["tcp", 1521],
  redis: ["redis", 6379],
  rediss: ["rediss", 6380],
  amqp: ["amqp", 5672],
  amqps: ["amqps", 5671],
  sb: ["amqps", 5671],
  mongodb: ["mongodb", 27_017],
  mongodbs: ["mongodbs", 27_017],
  kafka: ["kafka", 9092],
  kafkas: ["kafkas", 9093],
  mqtt: ["mqtt", 1883],
  mqtts: ["mqtts", 8883],
  ldap: ["ldap", 389],
  ldaps: ["ldaps", 636],
  smtp: ["smtp", 25],
  smtps: ["smtps", 465],
  ssh: ["ssh", 22],
  sftp: ["sftp", 22],
  ftp: ["ftp", 21],
  ftps: ["ftps", 990],
  tcp: ["tcp", 0],
  tls: ["tls", 443],
  nats: ["tcp", 4222],
};

/** Ports that say what is spoken on them where nothing else does. */
export const byPort: Readonly<Record<number, string>> = {
  443: "https",
  1433: "sql",
  3306: "mysql",
  5432: "postgres",
  5671: "amqps",
  5672: "amqp",
  6379: "redis",
  6380: "rediss",
  9092: "kafka",
  9093: "kafkas",
};

const label = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const hostShape = new RegExp(`^(?:${label}(?:\\.${label}){0,15}|\\[[\\da-f:.]{2,45}\\])$`, "i");

/** One place or none: what has not the shape of a host is none. */
export function at(named: string, host: string, digits?: string): readonly Place[] {
  // SQLAlchemy names the driver as well: `postgresql+psycopg2`.
  const key = named.toLowerCase().replace(/\+\w+$/, "");
  const [scheme, implied] = Object.hasOwn(schemes, key)
    ? (schemes[key] ?? ["tcp", 0])
    : (["tcp", 0] as const);
  const port = digits === undefined ? implied : Number(digits);
  const plain = host.trim();
  if (!hostShape.test(plain) || !Number.isInteger(port) || port < 1 || port > 65_535) return [];
  return [{ scheme, host: plain.replace(/^\[|\]$/g, "").toLowerCase(), port }];
}
