/** The errors that a login meets, and what each says about the way to the database. */
import type { Code } from "../../failure.ts";

/**
 * A login that was read and refused for who it names: everything before it works. Numbers of the
 * documentation of SQL Server and Azure SQL.
 */
const refusals = new Set([
  916, // no access to this database
  4060, // the database cannot be opened
  18_452, // a login of an untrusted domain
  18_456, // login failed
  18_470, // the account is disabled
  18_486, // the account is locked
  18_487, // the password has expired
  18_488, // the password must be changed
]);

export function isRefusal(error: number): boolean {
  return refusals.has(error);
}

const causes: Readonly<Record<number, Code>> = {
  40_615: "sql.firewall",
  40_914: "sql.vnet_rule",
  47_073: "sql.public_access_off",
  40_532: "sql.unknown_server",
  40_613: "sql.unavailable",
};

/** The no in an error; `sql.login_failed` when it has no word of its own here. */
export function codeOf(error: number): Code {
  return causes[error] ?? "sql.login_failed";
}

/** The address that a firewall saw the client come from, as error 40615 names it. */
export function seenAs(message: string): string | undefined {
  return /IP address '([0-9a-fA-F.:]{2,45})'/.exec(message)?.[1];
}
