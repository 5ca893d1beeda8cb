/**
 * What a connection string holds beside its place, by name: what was not kept can be said without keeping it.
 * Only words of this list are ever told, because what stands before an equals sign may be part of a password
 * that nobody quoted.
 */

const names = [
  "access key",
  "account key",
  "account name",
  "api key",
  "application name",
  "authentication",
  "client id",
  "client secret",
  "database",
  "db name",
  "encrypt",
  "entity path",
  "initial catalog",
  "instance name",
  "instrumentation key",
  "integrated security",
  "password",
  "pwd",
  "secret",
  "secret name",
  "shared access key",
  "shared access key name",
  "shared access signature",
  "sig",
  "ssl",
  "ssl mode",
  "token",
  "trust server certificate",
  "trusted connection",
  "uid",
  "user",
  "user id",
  "user name",
] as const;

type Name = (typeof names)[number] | "path" | "query";

/** A named instance of SQL Server, behind its host: which port it has, only the server's browser can say. */
const instance =
  /(?:^|;)\s*(?:server|data source|addr(?:ess)?|network address)\s*=\s*[^;,"'\\]+\\\w|^jdbc:sqlserver:\/\/[^;/\\]+\\\w/i;

/** Spaces and underscores within a name are nobody's concern, as the libraries have it. */
const shapes: readonly (readonly [Name, RegExp])[] = [
  ...names.map((name): readonly [Name, RegExp] => [
    name,
    new RegExp(`(?:^|[;,?&:\\s])${name.replaceAll(" ", "[ _]?")}\\s*=`, "i"),
  ]),
  ["instance name", instance],
];

/** The names of what is left out of a connection string when its place is read; never a value. */
export function leftOutOf(text: string): readonly Name[] {
  const [, authority = "", path = "", query] =
    /^(?:jdbc:)?[a-z][a-z\d+.-]*:\/\/([^/?#]*)(\/[^?#]*)?(\?.*)?/is.exec(text.trim()) ?? [];
  const [, user = "", password] = /^(?:([^:]*)(:.*)?@)?/s.exec(authority) ?? [];
  const found = new Set<Name>([
    ...(user === "" ? [] : ["user name" as const]),
    ...(password === undefined ? [] : ["password" as const]),
    ...(path.length > 1 ? ["path" as const] : []),
    ...(query === undefined ? [] : ["query" as const]),
    ...shapes.flatMap(([name, shape]) => (shape.test(text) ? [name] : [])),
  ]);
  return [...found];
}
