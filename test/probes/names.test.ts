import { expect, test } from "vitest";
import { ownNames } from "../../lib/platform/entry.ts";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";
import { needs } from "../servers/needs.ts";

const addresses = ["10.9.8.7", "20.50.1.2", "20.50.1.3", "20.50.1.9", "10.20.0.5", "10.20.0.6"];

needs("openssl")("names", () => {
  inNamespaces("of an app, in a host of its own", () => {
    test("resolved, dialled and told apart", async () => {
      await inNamespace(new URL("./names.inside.ts", import.meta.url), {
        addresses: addresses.map((each) => `${each}/32`),
        hosts: "127.0.0.1 localhost\n",
        resolvConf: "nameserver 10.9.8.7\noptions timeout:1 attempts:1\n",
      });
    }, 120_000);
  });
});

test.each([
  [
    { WEBSITE_HOSTNAME: "orders-a1b2.westeurope-01.azurewebsites.net" },
    [
      "orders-a1b2.westeurope-01.azurewebsites.net",
      "orders-a1b2.scm.westeurope-01.azurewebsites.net",
    ],
  ],
  [{ WEBSITE_HOSTNAME: "localhost:7071" }, []],
  [{ WEBSITE_HOSTNAME: "https://x/?sig=PLANTED" }, []],
  [{ CONTAINER_APP_NAME: "fn", CONTAINER_APP_ENV_DNS_SUFFIX: "a.example" }, ["fn.a.example"]],
  [{ CONTAINER_APP_NAME: "fn" }, []],
])("%j is called %j", (environment, expected) => {
  expect(ownNames(environment).map(({ name }) => name)).toEqual(expected);
});
