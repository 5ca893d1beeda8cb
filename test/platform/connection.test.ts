import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../../lib/probes/check.ts";
import { readConnection } from "../../lib/platform/connection.ts";
import { connectionIn, placesIn as pastedPlaces } from "../../lib/platform/connection-string.ts";
import { targetOf } from "../../lib/platform/dependencies.ts";
import { leftOutOf } from "../../lib/platform/left-out.ts";

const placesIn = (value: string, name = "") =>
  (readConnection(value, name)?.places ?? []).map(targetOf);

const storage = ["blob", "queue", "table"].map(
  (part) => `https://acct.${part}.core.windows.net:443`,
);
const guid = "00000000-0000-0000-0000-000000000000";

describe("the places of a setting", () => {
  test.each<[value: string, places: readonly string[], name?: string]>([
    ["Server=tcp:db.database.windows.net,1433;Password=x", ["sql://db.database.windows.net:1433"]],
    ['Password="a;Server=evil.example";Data Source=db\\one', ["sql://db:1433"]],
    ["DRIVER={ODBC Driver 18 for SQL Server};SERVER=db,1444;PWD={a;SERVER=b}", ["sql://db:1444"]],
    ["Server=db.example;Port=3307;Uid=u;Pwd=p", ["mysql://db.example:3307"]],
    ["Host=pg.example;Username=u;Password=p", ["postgres://pg.example:5432"]],
    ["host=pg.example port=5433 user=u password=p", ["postgres://pg.example:5433"]],
    ["AccountName=acct;AccountKey=a==;EndpointSuffix=core.windows.net", storage],
    [
      "BlobEndpoint=https://acct.blob.example/;SharedAccessSignature=sig=x",
      ["https://acct.blob.example:443"],
    ],
    [
      "Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKey=x",
      ["amqps://ns.servicebus.windows.net:5671"],
    ],
    [
      "AccountEndpoint=https://c.documents.azure.com:443/;AccountKey=x",
      ["https://c.documents.azure.com:443"],
    ],
    [`InstrumentationKey=${guid}`, ["https://dc.services.visualstudio.com:443"]],
    [
      `InstrumentationKey=${guid};IngestionEndpoint=https://in.example/`,
      ["https://in.example:443"],
    ],
    ["@Microsoft.KeyVault(VaultName=kv1;SecretName=s)", ["https://kv1.vault.azure.net:443"]],
    [
      "@Microsoft.KeyVault(SecretUri=https://kv1.vault.azure.net/secrets/s/)",
      ["https://kv1.vault.azure.net:443"],
    ],
    ["cache.example:6380,password=x,ssl=True", ["rediss://cache.example:6380"]],
    [
      "a.example:6380,b.example,password=x,c,ssl=True",
      ["rediss://a.example:6380", "rediss://b.example:6380"],
    ],
    [
      "Endpoint=sb://ns.example/;SharedAccessKey=x;TransportType=AmqpWebSockets",
      ["amqpwss://ns.example:443"],
    ],
    [
      "Endpoint=sb://localhost;SharedAccessKey=x;UseDevelopmentEmulator=true;",
      ["amqp://localhost:5672"],
    ],
    ["host=mq.example;virtualHost=v;username=u;password=p", ["amqp://mq.example:5672"]],
    ["mongodb://u:p@c.example:10255/?ssl=true&replicaSet=g", ["mongodbs://c.example:10255"]],
    ["postgresql+psycopg2://u:p@pg.example/db", ["postgres://pg.example:5432"]],
    [
      "Host=a.example:5433,b.example;Username=u",
      ["postgres://a.example:5433", "postgres://b.example:5432"],
    ],
    [
      "host=a.example,b.example port=5433,5434 user=u",
      ["postgres://a.example:5433", "postgres://b.example:5434"],
    ],
    [
      "jdbc:postgresql://a.example:5433,b.example/db?user=u",
      ["postgres://a.example:5433", "postgres://b.example:5432"],
    ],
    ["jdbc:mysql://u:p@my.example/db", ["mysql://my.example:3306"]],
    ["jdbc:sqlserver://db.example\\one:1444;databaseName=a", ["sql://db.example:1444"]],
    ["jdbc:sqlserver://;serverName=db.example;portNumber=1444", ["sql://db.example:1444"]],
    ["jdbc:sqlserver://db.example,1433;databaseName=a", ["sql://db.example:1433"]],
    ["jdbc:oracle:thin:scott/tiger@ora.example:1522:XE", ["tcp://ora.example:1522"]],
    ["jdbc:oracle:thin:@//ora.example:1522/svc", ["tcp://ora.example:1522"]],
    ["amqps://u:p@mq.example/vhost", ["amqps://mq.example:5671"]],
    ["mongodb://u:p@a:27017,b:27018/x", ["mongodb://a:27017", "mongodb://b:27018"]],
    ["jdbc:postgresql://db/orders?password=x", ["postgres://db:5432"]],
    ["postgres://u:p%40@[::1]:5432/db", ["postgres://[::1]:5432"]],
    [
      "ns.servicebus.windows.net",
      ["amqps://ns.servicebus.windows.net:5671"],
      "Orders__fullyQualifiedNamespace",
    ],
    ["acct", storage, "AzureWebJobsStorage__accountName"],
    ["a:9092,b:9092", ["kafka://a:9092", "kafka://b:9092"], "KAFKA_BROKERS"],
  ])("%s", (value, places, name) => expect(placesIn(value, name)).toEqual(places));

  test.each([
    ["hunter2:1433", "PASSWORD"],
    ["UseDevelopmentStorage=true", "AzureWebJobsStorage"],
    ["Server=(localdb)\\mssql", "Db"],
    ["mongodb+srv://u:p@cluster.example/db", "Mongo"],
    ["1", "WEBSITE_RUN_FROM_PACKAGE"],
    ["just words", "Anything"],
    // What may be half of a password is asked for nowhere.
    ['jdbc:oracle:thin:scott/"ti@ger"@ora.example:1522:XE', "Ora"],
    ["jdbc:h2:mem:test", "Db"],
  ])("there are none in %s", (value, name) => expect(placesIn(value, name)).toEqual([]));
});

describe("what is pasted in place of a target", () => {
  const { target } = check.input.shape;

  test.each([
    ["@Microsoft.KeyVault(VaultName=kv1;SecretName=s)", ["https://kv1.vault.azure.net:443"]],
    ["a.example:9092, b.example:9092", ["kafka://a.example:9092", "kafka://b.example:9092"]],
    ["Server=(localdb)\\mssql;Database=a", []],
    ["mongodb+srv://u:p@cluster.example/db", []],
    ["a.example:9092", undefined],
    ["https://a.example/?b=c", undefined],
  ])("%s", (text, places) => expect(pastedPlaces(text)).toEqual(places));

  test("and cannot be read is said to be a connection string, and nothing of it", () => {
    const { success, error } = target.safeParse("Server=np:\\\\host\\pipe;Password=hunter2");
    expect(success).toBe(false);
    expect(error?.issues).toMatchObject([
      { message: "no host and port can be read of this connection string: give host:port" },
    ]);
  });
});

describe("what is left out", () => {
  test.each<[text: string, names: readonly string[]]>([
    ["Server=db;Initial Catalog=a;PWD=x", ["initial catalog", "pwd"]],
    ["host=pg user=u password=p sslmode=require", ["password", "ssl mode", "user"]],
    ["https://u:p@api.example/a?sig=x", ["user name", "password", "path", "query", "sig"]],
    ["https://api.example/", []],
    ["cache:6380,password=x,ssl=True", ["password", "ssl"]],
    ["Server=db\\one;Database=a", ["database", "instance name"]],
    ["Server=db;Password=a\\b", ["password"]],
  ])("of %s", (text, names) => expect(leftOutOf(text)).toEqual(names));

  test("is never a word that the text brings along: it may be half of a password", () => {
    expect(leftOutOf("Server=db;Password=ab;zqsecret=c")).toEqual(["password"]);
  });
});

/** Longer than any word that a place is made of, and with everything that people put into passwords. */
const secrets = fc
  .string({ minLength: 8, maxLength: 40 })
  .map((text) => `zq${text.replaceAll(/[^ -~]|["'{}]/g, "!")}`);

const forms: readonly ((secret: string) => [value: string, name: string])[] = [
  (secret) => [`Server=tcp:db.example,1433;User ID=u;Password="${secret}";Encrypt=true`, "Db"],
  (secret) => [`PWD={${secret}};Server=db.example`, "Db"],
  (secret) => [`Password='${secret}';Host=pg.example`, "Db"],
  (secret) => [
    `postgres://u:${encodeURIComponent(secret)}@db.example/x?k=${encodeURIComponent(secret)}`,
    "Db",
  ],
  (secret) => [`https://api.example/${encodeURIComponent(secret)}`, "ApiUrl"],
  (secret) => [`cache.example:6380,password=${secret.replaceAll(",", "!")},ssl=True`, "Cache"],
  (secret) => [`AccountName=acct;AccountKey=${secret.replaceAll(";", "!")}`, "Storage"],
  (secret) => [
    `@Microsoft.KeyVault(VaultName=kv1;SecretName=${secret.replaceAll(";", "!")})`,
    "Kv",
  ],
  (secret) => [secret, "Password"],
];

test("no part of a secret survives the reading", () => {
  fc.assert(
    fc.property(fc.constantFrom(...forms), secrets, (form, secret) => {
      const [value, name] = form(secret);
      const read = [readConnection(value, name), connectionIn(value), leftOutOf(value)];
      expect(JSON.stringify(read).toLowerCase()).not.toContain("zq");
    }),
    { numRuns: 2000 },
  );
});

test("whatever a value is, what is read of it are places that can be asked, or nothing", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 20 }), (value, name) => {
      for (const place of readConnection(value, name)?.places ?? []) {
        expect(place.host).toMatch(/^[a-z0-9_.:-]+$/);
        expect(place.port).toBeGreaterThan(0);
      }
    }),
  );
});
