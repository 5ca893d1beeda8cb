/** The errors that a login meets, and what each says about the way to the database. */
import type { Code } from "../../failure.ts";

/**
 * A login that was read and refused for who it names, or for the database: everything before it works.
 * Numbers of the documentation of SQL Server and Azure SQL.
 */
const refusals: Readonly<Record<number, string>> = {
  916: "the login has no access to this database",
  4060: "the database cannot be opened by this login",
  18_452: "the login is of a domain that is not trusted",
  18_456: "no such login, or another password",
  18_470: "the login exists and is disabled",
  18_486: "the login exists and is locked",
  18_487: "the login exists and its password has expired",
  18_488: "the login exists and its password must be changed",
};

/** What a refusal says of the login; nothing for an error that is about something else. */
export function refusalOf(error: number): string | undefined {
  return refusals[error];
}

export function isRefusal(error: number): boolean {
  return refusalOf(error) !== undefined;
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
