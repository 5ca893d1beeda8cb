import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { askSql, type SqlOptions } from "../sql.ts";
import { browse } from "../stages/browse.ts";
import { resolve } from "../stages/resolve.ts";
import { reported } from "../target.ts";
import { climb } from "../walk.ts";

const input = z.strictObject({
  target: field.target(
    { schemes: { sql: 1433 }, otherwise: "sql" },
    "host[:1433][?instance=NAME]; an instance is looked up by SQL Server Browser unless a port is given",
  ),
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
