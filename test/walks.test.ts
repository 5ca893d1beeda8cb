/** What `check` takes a target for that names no scheme. */
import { expect, test } from "vitest";
import { parseTarget } from "../lib/target.ts";
import { impliedSchemes, schemePorts, walks } from "../lib/walks.ts";

const rules = { schemes: schemePorts, ports: impliedSchemes, otherwise: "https", atAnyPort: "tcp" };

test.each([
  [1433, "sql"],
  [3342, "sql"],
  [5432, "postgres"],
  [3306, "mysql"],
  [6379, "redis"],
  [6380, "rediss"],
  [10_000, "rediss"],
  [27_017, "mongodb"],
  [10_255, "mongodbs"],
  [5671, "amqps"],
  [5672, "amqp"],
  [9093, "kafkas"],
  [1883, "mqtt"],
  [8883, "mqtts"],
  [25, "smtp"],
  [587, "submission"],
  [465, "smtps"],
  [22, "ssh"],
  [389, "ldap"],
  [636, "ldaps"],
  [445, "smb"],
  [21, "ftp"],
  [990, "ftps"],
  [143, "imap"],
  [993, "imaps"],
  [110, "pop3"],
  [995, "pop3s"],
  [53, "tcp"],
  [853, "tls"],
  [123, "ntp"],
  [3478, "stun"],
  [443, "https"],
  [80, "http"],
  [8080, "http"],
  [8443, "https"],
  [15_432, "tcp"],
])("host:%i is %s", (port, scheme) => {
  expect(parseTarget(`host.test:${port}`, rules)).toMatchObject({ scheme, port });
});

test.each([
  ["a path says that HTTP is spoken", "host.test:15432/health", "https"],
  ["a name alone is a site", "host.test", "https"],
  ["a scheme stands at any port", "sql://host.test:15432", "sql"],
])("%s", (_, input, scheme) => {
  expect(parseTarget(input, rules)).toMatchObject({ scheme });
});

test("every scheme has a walk", () => {
  for (const scheme of Object.keys(schemePorts)) expect(walks, scheme).toHaveProperty(scheme);
});
