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
    code: "sql.redirects",
    severity: "info",
    blame: "network",
    confidence: "certain",
    title: "The server redirects its clients",
    why: "The gateway sends clients on to the node that holds the database, so that node and its port must be reachable as well.",
    rivals: [],
    next: ["Repeat with follow=1: can that place be reached from here?"],
    when: ({ facts: { login } }) =>
      login?.route === undefined
        ? undefined
        : `redirected to ${login.route.host}:${login.route.port}`,
  },
];
