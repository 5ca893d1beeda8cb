/** What is read out of what was pasted, and that the rest stays behind. */
import { expect, test } from "vitest";
import { lacksPort, readBox, suiteIn } from "../../page/box.ts";
import { placesIn } from "../../lib/platform/connection-string.ts";
import { parseTarget } from "../../lib/target.ts";
import { impliedSchemes, schemePorts } from "../../lib/walks.ts";

const pasted: readonly (readonly [what: string, text: string, ...targets: string[]])[] = [
  ["a host and port", "db.example.test:1433", "db.example.test:1433"],
  ["a host", "db.example.test", "db.example.test"],
  ["IPv6 with a port", "[2001:db8::1]:443", "[2001:db8::1]:443"],
  ["IPv6", "2001:db8::1", "2001:db8::1"],
  ["a URL with path and query", "https://a.test/x?y=1#z", "https://a.test/x?y=1"],
  ["a URL with an account", "https://me:hunter2@a.test:8443/x", "https://a.test:8443/x"],
  ["quotes around it", '"https://a.test/",', "https://a.test/"],
  ["a command", "curl -v -H 'a: hunter2' https://a.test/x", "https://a.test/x"],
  ["nc", "nc -vz db.test 5432", "tcp://db.test:5432"],
  ["telnet", "telnet db.test 5432", "tcp://db.test:5432"],
  ["SQL Server", "Server=tcp:db.test,1433;Initial Catalog=x;Password=hunter2", "sql://db.test"],
  ["an instance", String.raw`Data Source=db.test\SQL1;Password=hunter2`, "sql://db.test"],
  ["a port with a space", "Server=db.test, 14330;Password=hunter2", "sql://db.test:14330"],
  ["MySQL", "Server=db.test;Uid=me;Pwd=hunter2;Database=x", "mysql://db.test"],
  ["Npgsql", "Host=db.test;Username=me;Password=hunter2", "postgres://db.test"],
  ["libpq", "host=db.test port=6432 user=me password=hunter2", "postgres://db.test:6432"],
  ["a PostgreSQL URL", "postgres://me:hunter2@db.test/x?sslmode=require", "postgres://db.test"],
  [
    "a database URL with @ in it",
    "postgresql://me:hunt@er2@db.test:6432/x",
    "postgresql://db.test:6432",
  ],
  ["several brokers", "amqps://me:hunter2@a.test,b.test:5671", "amqps://a.test", "amqps://b.test"],
  ["MongoDB", "mongodb+srv://me:hunter2@m.test/x", "mongodb://m.test"],
  ["JDBC", "jdbc:sqlserver://db.test:1433;user=me;password=hunter2", "sql://db.test"],
  ["JDBC without a port", "jdbc:postgresql://db.test/x?password=hunter2", "postgresql://db.test"],
  ["Oracle", "jdbc:oracle:thin:@//db.test:1522/svc", "tcp://db.test:1522"],
  ["Redis", "c.test:6380,password=hunter2,ssl=True,abortConnect=False", "rediss://c.test:6380"],
  ["Kafka", "a.test:9092,b.test:9092", "a.test:9092", "b.test:9092"],
  [
    "Service Bus",
    "Endpoint=sb://n.test/;SharedAccessKeyName=r;SharedAccessKey=hunter2=",
    "amqps://n.test",
  ],
  ["Cosmos DB", "AccountEndpoint=https://c.test:443/;AccountKey=hunter2==;", "https://c.test:443"],
  [
    "storage",
    "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=hunter2==;EndpointSuffix=core.test",
    "https://acct.blob.core.test",
    "https://acct.queue.core.test",
    "https://acct.table.core.test",
  ],
  [
    "storage with its endpoints",
    "BlobEndpoint=https://b.test/;QueueEndpoint=https://q.test/;SharedAccessSignature=sv=1&sig=hunter2",
    "https://b.test",
    "https://q.test",
  ],
  [
    "Application Insights",
    "InstrumentationKey=hunter2;IngestionEndpoint=https://i.test/;LiveEndpoint=https://l.test/",
    "https://i.test",
    "https://l.test",
  ],
  ["a setting", "ORDERS_DB=Server=db.test,1433;Password=hunter2", "sql://db.test"],
  ["several lines", "a.test:1\r\n\n# a note\nb.test:2\na.test:1", "a.test:1", "b.test:2"],
];

test.each(pasted)("of %s the place is read and no secret", (_, text, ...targets) => {
  const read = readBox(text);
  expect(read.targets).toEqual(targets);
  expect(read.targets.join()).not.toContain("hunter2");
  if (text.includes("hunter2") && !text.startsWith("curl")) expect(read.dropped).toBe(true);
});

/** With its port, by the name that the API gives the scheme; of a URL the page keeps the path. */
function whole(target: string) {
  const rules = { schemes: schemePorts, ports: impliedSchemes, otherwise: "https" };
  const read = parseTarget(target, rules);
  if ("wrong" in read) throw new Error(read.wrong);
  const { scheme, host, port } = read;
  return `${scheme.replace("postgresql", "postgres")}://${host}:${port}`;
}

test.each(pasted)("of %s the API reads the same place", (_, text, ...targets) => {
  const read = placesIn(text);
  // The API takes connection strings alone for anything but a target, and refuses what it cannot read of them.
  if (read !== undefined && read.length > 0) expect(read.map(whole)).toEqual(targets.map(whole));
});

test("a suite is told from targets and from settings", () => {
  expect(suiteIn('{"version":1,"checks":["a.test:1"]}')).toMatchObject({ version: 1 });
  expect(suiteIn("# mine\nversion: 1\nchecks:\n  - a.test:1\n")).toBeTypeOf("string");
  for (const other of ["a.test:1", "version.test:1\nchecks.test:2", '{"DB":"Server=x"}', "[]"]) {
    expect(suiteIn(other)).toBeUndefined();
  }
});

test("ports are offered for a bare name alone", () => {
  expect(["db.test", "db", "db.test."].every(lacksPort)).toBe(true);
  expect(["db.test:1", "https://db.test", "::1", "", "a b"].some(lacksPort)).toBe(false);
});
