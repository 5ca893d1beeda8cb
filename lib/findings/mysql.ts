import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

/** A greeting without a login is what MySQL counts against the host it came from. */
export const mysqlRules: readonly Rule[] = [
  {
    code: "service.counted",
    severity: "info",
    blame: "sonde",
    confidence: "likely",
    title: "MySQL counts connections like this one",
    why:
      "A connection that ends before its login counts to max_connect_errors (100 unless it was changed). When " +
      "as many follow one another, the server blocks the address they come from, and that is the app's own.",
    rivals: ["a server with skip_name_resolve, which keeps no such count"],
    next: [
      "Do not repeat this check on a schedule; a login that succeeds sets the count back to zero.",
      "An address that is blocked is freed by FLUSH HOSTS.",
    ],
    when: ({ facts: { mysql } }) =>
      mysql?.version === undefined
        ? undefined
        : `${mysql.version} was greeted, and not logged in to`,
  },
  {
    code: "service.mysql_blocked",
    before: "service.refused",
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "MySQL has blocked the address that this app leaves from",
    why:
      "Error 1129: as many connections from this address as max_connect_errors allows ended before a login, one after " +
      "the other. Until it is freed, every client behind the address is turned away.",
    rivals: [
      "checks of health that open a connection and log in to nothing, from this address or one that is shared",
    ],
    next: [
      "On the server: FLUSH HOSTS, or TRUNCATE TABLE performance_schema.host_cache.",
      "Find who connects without a login, and raise max_connect_errors.",
    ],
    docs: "https://dev.mysql.com/doc/refman/8.4/en/blocked-host.html",
    when: (leaf) => answered(leaf, 1129),
  },
  {
    code: "service.mysql_host",
    before: "service.refused",
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "MySQL has no account for the address that this app leaves from",
    why: "Error 1130: no account of the server names the host that the connection came from, so it is turned away before any login.",
    rivals: [
      "the server sees another address than the one its accounts were made for: a NAT, or a proxy",
    ],
    next: [
      "The error names the address that the server saw: is it this app's, as /api/outbound shows it?",
      "On the server: an account for that host, such as 'user'@'10.0.0.%'.",
    ],
    docs: "https://dev.mysql.com/doc/refman/8.4/en/problems-connecting.html",
    when: (leaf) => answered(leaf, 1130),
  },
];

function answered({ facts, stopped }: Leaf, number: number): string | undefined {
  const isOurs = stopped?.stage === "mysql" && stopped.detail?.["number"] === number;
  return isOurs && facts.mysql?.version === undefined ? stopped.message : undefined;
}
