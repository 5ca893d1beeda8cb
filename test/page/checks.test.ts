/** Questions as suites and suites as questions, and settings as places. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { roundOf, suiteRound } from "../../page/checks.ts";
import { readSettings } from "../../page/pasted.ts";
import { decodeSmoke } from "../../lib/api/suite.ts";
import { parseYaml } from "../../lib/yaml.ts";

const question = {
  probe: "tls",
  targets: ["db.test:6380", "https://a.test"],
  more: 'servername=x.test expect.certDays=30 expect.protocol="TLSv1.3"',
};

test("a question becomes a suite that Sonde understands", async () => {
  const { yaml } = roundOf(question);
  const source = await parseYaml(yaml);
  if ("wrong" in source) throw new Error(source.wrong);
  const smoke = decodeSmoke([], source, {});
  expect(smoke).toMatchObject({ name: "2 targets", checks: [{}, {}] });
  expect(parse(yaml)).toMatchObject({
    checks: [
      {
        probe: "tls",
        target: "db.test:6380",
        input: { servername: "x.test" },
        expect: { certDays: "30", protocol: "TLSv1.3" },
      },
      { target: "https://a.test" },
    ],
  });
});

test("a check of a suite becomes a question that a link can carry", () => {
  const check = {
    name: "the API",
    target: "https://a.test",
    expect: { status: [200, 204], bodyContains: "all is well" },
  };
  const suite = { version: 1, defaults: { retries: 1 }, checks: ["db.test:1", check] };
  const [bare, full] = suiteRound(suite).tasks;
  expect(bare).toMatchObject({ title: "db.test:1", question: { targets: ["db.test:1"] } });
  expect(full).toMatchObject({
    title: "the API",
    api: "smoke",
    input: { version: 1, defaults: { retries: 1 }, checks: [check] },
    question: {
      probe: "check",
      targets: ["https://a.test"],
      more: 'expect.status=200 expect.status=204 expect.bodyContains="all is well"',
    },
  });
  const dns = { probe: "dns", input: { name: "a.test", type: "MX" } };
  expect(suiteRound({ version: 1, checks: [dns] }).tasks[0]?.question).toEqual({
    probe: "dns",
    targets: ["a.test"],
    more: "type=MX",
  });
  const unknown = { version: 1, checks: [{ probe: "identity" }] };
  expect(suiteRound(unknown).tasks[0]?.question).toBeUndefined();
});

test("a suite is taken away as it was: its name, its defaults, what it does not prove", () => {
  const suite = {
    version: 1,
    name: 'the "orders" suite',
    notProved: ["that a login works"],
    defaults: { retries: 1 },
    checks: ["db.test:1", { target: "https://a.test", expect: { status: 200 } }],
  };
  const { title, yaml, notProved } = suiteRound(suite);
  expect({ title, notProved }).toEqual({ title: suite.name, notProved: suite.notProved });
  expect(parse(yaml)).toEqual(suite);
});

test("names of an app and another Sonde are asked for with a name or without", () => {
  const asked = (probe: string, ...targets: string[]) => {
    const [task] = roundOf({ probe, targets, more: "" }).tasks;
    return [task?.input, task?.check];
  };
  expect(asked("names")).toEqual([{}, { probe: "names" }]);
  const hostname = { hostname: "shop.test" };
  expect(asked("names", "shop.test")).toEqual([hostname, { probe: "names", input: hostname }]);
  const chain = { chain: "https://other.test" };
  expect(asked("echo", "https://other.test")).toEqual([chain, { probe: "echo", input: chain }]);
  const several = { probe: "names", input: { hostname: ["a.test", "b.test"] } };
  expect(suiteRound({ version: 1, checks: [several] }).tasks[0]?.question).toEqual({
    probe: "names",
    targets: [],
    more: "hostname=a.test hostname=b.test",
  });
});

const settings = {
  DB: "Server=tcp:db.test,1433;Password=hunter2",
  BUS__fullyQualifiedNamespace: "bus.test",
  PGHOST: "pg",
  PGPORT: "6432",
  UPSTREAM: "api.test:8080",
  BLOB: "https://acct.blob.test/x.zip?sv=1&sig=hunter2",
  VAULTED: "@Microsoft.KeyVault(SecretUri=https://v.vault.test/secrets/x/1)",
  NAMED: "@Microsoft.KeyVault(VaultName=v;SecretName=x)",
  NODE_VERSION: "22.1.0",
  API_KEY: "hunter2",
  GREETING: "see https docs",
  WEBSITE_TIME_ZONE: "UTC",
  SONDE_TARGETS: "api.test:9",
};
const places = [
  "sql://db.test",
  "amqps://bus.test",
  "tcp://pg:6432",
  "tcp://api.test:8080",
  "https://acct.blob.test/x.zip",
  "https://v.vault.test",
  "https://v.vault.azure.net",
];

test.each([
  ["az", JSON.stringify(Object.entries(settings).map(([name, value]) => ({ name, value })))],
  ["local.settings.json", JSON.stringify({ IsEncrypted: false, Values: settings })],
  [
    "connection strings of az",
    JSON.stringify(
      Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value }])),
    ),
  ],
  [
    "a file of variables",
    Object.entries(settings)
      .map(([name, value]) => `export ${name}="${value}"`)
      .join("\n"),
  ],
])("of the settings of %s the places are kept and no secret", (_, pasted) => {
  expect(readSettings(pasted)?.targets).toEqual(places);
  expect(JSON.stringify(readSettings(pasted))).not.toContain("hunter2");
});

test("targets, lines and other JSON are no settings", () => {
  for (const text of ["db.test:1433", "a.test:1\nb.test:2", "[1,2]", "{", "DB=Server=x"]) {
    expect(readSettings(text)).toBeUndefined();
  }
});
