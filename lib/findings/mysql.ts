import type { Rule } from "./rule.ts";

/** A greeting without a login is what MySQL counts against the host it came from. */
export const mysqlRules: readonly Rule[] = [
  {
    code: "service.counted",
    severity: "info",
    blame: "sonde",
    confidence: "likely",
    basis: "documents",
    title: "MySQL counts connections like this one",
    why:
      "A connection that ends before its login counts to max_connect_errors (100 unless it was changed). When " +
      "as many follow one another, the server blocks the address they come from, and that is the app's own.",
    rivals: [],
    next: [
      "Do not repeat this check on a schedule; a login that succeeds sets the count back to zero.",
      "An address that is blocked is freed by FLUSH HOSTS.",
    ],
    when: ({ facts: { mysql } }) =>
      mysql?.version === undefined
        ? undefined
        : `${mysql.version} was greeted, and not logged in to`,
  },
];
