/** Ports of Azure SQL that are not the one everybody knows. */
import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

/** `NAME.public.ZONE.database.windows.net`, and what the other clouds call it. */
const publicInstance = /^[^.]+\.public\.[^.]+\.database\.[a-z.]+\.?$/i;
const azureSql = /\.database\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)\.?$/i;

const DEFAULT_PORT = 1433;
const PUBLIC_PORT = 3342;
const ADMIN_PORT = 1434;

const asked = ({ facts: { resolve, connect } }: Leaf) => ({
  host: resolve?.host ?? "",
  port: connect?.port,
});

export const sqlPortRules: readonly Rule[] = [
  {
    code: "sql.public_port",
    severity: "warn",
    blame: "caller",
    confidence: "likely",
    basis: "documents",
    title: "The public endpoint of a managed instance listens on another port",
    why: "A name with .public. is the public endpoint of SQL Managed Instance, and that is served on port 3342 only.",
    rivals: [
      "the public endpoint is off, or its network security group does not admit this address",
    ],
    next: [
      "Ask for port 3342: sql://HOST:3342.",
      "Is the public endpoint on, and does the subnet's network security group admit the address that /api/outbound shows?",
    ],
    docs: "https://learn.microsoft.com/azure/azure-sql/managed-instance/public-endpoint-configure",
    when(leaf) {
      const { host, port } = asked(leaf);
      return leaf.stopped !== undefined &&
        publicInstance.test(host) &&
        port !== undefined &&
        port !== PUBLIC_PORT
        ? `${host} was asked on port ${port}`
        : undefined;
    },
  },
  {
    code: "sql.error_10060",
    severity: "info",
    blame: "network",
    confidence: "likely",
    basis: "documents",
    title: "Clients of SQL Server report this as error 10060",
    why:
      "Nothing answered the connection at all. SqlClient and ODBC say of that: a network-related or " +
      "instance-specific error, 10060. No firewall rule of the server does that: those answer a login, with an error.",
    rivals: [
      "the name leads to a private endpoint that is not reached from this network",
      "the server is SQL Server on a machine that is down, or listens on another port",
    ],
    next: [
      "Is outbound TCP 1433 to the service tag Sql allowed, on the subnet and on every firewall behind it?",
      "Where does the name lead from here: /api/dns?name=NAME. A private address needs a way to its network.",
    ],
    docs: "https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues",
    when(leaf) {
      const { host, port } = asked(leaf);
      const isSql = azureSql.test(host) || port === DEFAULT_PORT || port === PUBLIC_PORT;
      return isSql && leaf.stopped?.code === "tcp.timeout"
        ? `no answer from ${host} on port ${port}`
        : undefined;
    },
  },
  {
    code: "sql.admin_port",
    severity: "info",
    blame: "caller",
    confidence: "likely",
    basis: "documents",
    title: "Port 1434 is for the administrator's own connection",
    why:
      "On Azure SQL port 1434 serves the dedicated administrator connection, which goes on to ports 14000 to " +
      "14999. Applications connect to port 1433.",
    rivals: [
      "an administrator's connection is what was meant: then a rule on the way discards these ports",
    ],
    next: ["Ask for port 1433, or let 1434 and 14000 to 14999 pass for administrators."],
    docs: "https://learn.microsoft.com/azure/azure-sql/database/connectivity-architecture",
    when(leaf) {
      const { host, port } = asked(leaf);
      return leaf.stopped !== undefined && azureSql.test(host) && port === ADMIN_PORT
        ? `${host} was asked on port ${port}`
        : undefined;
    },
  },
];
