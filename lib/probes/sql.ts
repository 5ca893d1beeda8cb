import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { askSql, instanceIn, type SqlOptions } from "../sql.ts";
import { browse } from "../stages/browse.ts";
import { resolve } from "../stages/resolve.ts";
import { reported } from "../target.ts";
import { climb } from "../walk.ts";

const isInstance = (path: string) =>
  path.startsWith("/?instance=") && !path.includes("&") && /^[\w$#-]{1,32}$/.test(instanceIn(path));

/** What is said for the case that nothing else is wrong. */
const alone = ({ issues }: { readonly issues: readonly unknown[] }) => issues.length === 0;

const fields = z.strictObject({
  target: field
    .target(
      { schemes: { sql: 1433 }, otherwise: "sql" },
      "host[:1433][?instance=NAME]; an instance is looked up by SQL Server Browser unless a port is given",
    )
    .refine(({ path }) => path === "/" || isInstance(path), {
      error:
        "nothing but ?instance=NAME follows the host and port, a name of up to 32 letters, digits, _, $, # and -",
    }),
  login: z
    .enum(["none", "dummy"])
    .default("none")
    .describe(
      "dummy sends a login that must be refused: it proves the whole way, leaves a failed login in the audit, and may wake a paused serverless database",
    ),
  database: z
    .string()
    .max(128)
    .optional()
    .describe("The database that the login asks for; only with login=dummy"),
  follow: z
    .enum(["0", "1"])
    .default("0")
    .describe("1 dials the place that the server redirects to; only with login=dummy"),
  timeoutMs: field.timeoutMs,
});

// Left unread they would seem to have been asked for.
const input = fields
  .refine(({ login, database }) => login === "dummy" || database === undefined, {
    path: ["database"],
    error: "a database is named in a login only: add login=dummy",
    when: alone,
  })
  .refine(({ login, follow }) => login === "dummy" || follow === "0", {
    path: ["follow"],
    error: "where a server redirects to is in its answer to a login: add login=dummy",
    when: alone,
  });

const optionsOf = ({ login, database, follow }: z.output<typeof input>): SqlOptions => ({
  login: login === "dummy",
  database,
  follow: follow === "1",
});

const whole = askSql({ login: true, follow: true });

export const sql: Probe<typeof input> = {
  name: "sql",
  title: "SQL Server",
  summary:
    "Says the first words of TDS, completes TLS inside it, and on request sends a login that must be refused.",
  input,
  stages: [resolve, browse, ...whole.stages],
  cost: "medium",
  example: "target=127.0.0.1:1433",
  run: (given, trail) => climb(trail, given.target, askSql(optionsOf(given))),
  about: (given) => {
    const walk = askSql(optionsOf(given));
    const { target } = given;
    return {
      target: reported(target),
      notProved: walk.notProved,
      reproduce: walk.reproduce(target),
    };
  },
};
