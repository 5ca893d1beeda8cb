/** Ports of Azure SQL that are not the one everybody knows. */
import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

/** `NAME.public.ZONE.database.windows.net`, and what the other clouds call it. */
const publicInstance = /^[^.]+\.public\.[^.]+\.database\.[a-z.]+\.?$/i;
const azureSql = /\.database\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)\.?$/i;

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
