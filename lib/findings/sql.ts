import { refusalOf } from "../protocols/tds/errors.ts";
import type { Rule } from "./rule.ts";

export const sqlRules: readonly Rule[] = [
  {
    code: "sql.plain",
    severity: "warn",
    blame: "target",
    confidence: "certain",
    title: "The server does not encrypt",
    why: "SQL Server says that it supports no encryption: logins and data cross the network as they are.",
    rivals: [],
    next: [
      "Give the server a certificate; every version since 2005 makes its own when it has none.",
    ],
    when: ({ facts: { sql } }) =>
      sql?.encryption === "not-supported" && sql.dialect === "TDS 7"
        ? "the pre-login answers that encryption is not supported"
        : undefined,
  },
  {
    code: "sql.other_instance",
    severity: "warn",
    blame: "configuration",
    confidence: "certain",
    basis: "documents",
    title: "Another instance answers here",
    why:
      "The instance was named in the first words, and the server says that it is not this one. Clients that " +
      "name an instance give up on that: SqlClient calls it an instance failure.",
    rivals: ["the name of the instance is misspelt, and the port is the right one"],
    next: [
      "Compare port and instance: SQL Server Configuration Manager has them under the protocols of each instance.",
      "Leave out the port to have SQL Server Browser asked for it, or leave out the instance.",
    ],
    docs: "https://learn.microsoft.com/openspecs/windows_protocols/ms-tds",
    when: ({ facts: { sql } }) =>
      sql?.instance !== undefined && sql.instanceMatches === false
        ? `${sql.instance} was asked for, and the server says that it is another one`
        : undefined,
  },
  {
    code: "sql.login_accepted",
    severity: "warn",
    blame: "target",
    confidence: "certain",
    title: "The server accepted a login that was made up",
    why: "The login of this probe exists nowhere and was accepted: whatever answers here checks no user.",
    rivals: ["a stand-in for tests, or a proxy that logs in by itself"],
    next: ["Is this the server that is meant?"],
    when: ({ facts: { login } }) =>
      login?.outcome === "accepted" ? `${login.user} is logged in` : undefined,
  },
  {
    code: "sql.login_refused",
    severity: "info",
    blame: "caller",
    confidence: "certain",
    title: "The way to the server works; who logs in is the next question",
    why:
      "The login of this probe is made up. That the server itself refused it, by an error about the login, " +
      "proves everything before it: name, route, firewall, TLS and the server.",
    rivals: [],
    next: [
      "If the app's own login fails, its user, password, database or Entra identity is what to look at.",
      "The server's own log has the state of error 18456, which tells the causes apart; clients are told 1.",
      "If the error says that the login exists: rename or remove it, or this probe keeps counting against it.",
    ],
    docs: "https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-18456-database-engine-error",
    when({ facts: { login } }) {
      if (login?.outcome !== "refused") return undefined;
      const [error] = login.errors ?? [];
      const meaning = error && refusalOf(error.number);
      return meaning && `error ${error?.number}: ${meaning}`;
    },
  },
  {
    code: "sql.redirects",
    severity: "info",
    blame: "network",
    confidence: "certain",
    title: "The server redirects its clients",
    why: "The gateway sends clients on to the node that holds the database, so that node and its port must be reachable as well.",
    rivals: [],
    next: ["Repeat with follow=1: can that place be reached from here?"],
    when({ facts: { login, connect }, stopped }) {
      const { host, port } = login?.route ?? {};
      // Where it was dialled, that branch says what came of it.
      const isFollowed = connect?.port === port || stopped?.code === "sql.redirect_blocked";
      return host === undefined || isFollowed ? undefined : `redirected to ${host}:${port}`;
    },
  },
];
