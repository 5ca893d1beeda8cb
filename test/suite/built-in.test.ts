/** Every suite that Sonde brings, asked for real: on a host whose names, servers and silences are made. */
import { test } from "vitest";
import { certificates } from "../servers/certificates.ts";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";
import { issuedFor } from "../servers/odd-certificates.ts";

/** Here everything answers that a suite asks for by name, but for one. */
const answering = [
  "crl3.digicert.com",
  "ocsp.digicert.com",
  "cacerts.digicert.com",
  "mscrl.microsoft.com",
  "ocsp.msocsp.com",
  "management.azure.com",
  "login.microsoftonline.com",
  "az-prod.metrics.nsatc.net",
  "settings-win.data.microsoft.com",
  "gmstorageprodsn1.blob.core.windows.net",
  "mcr.microsoft.com",
  "dc.services.visualstudio.com",
  "time.windows.com",
  "shop.corp.example",
  "shop.scm.corp.example",
  "orders.jollyhill.westeurope.azurecontainerapps.io",
  "telemetry.in.applicationinsights.azure.com",
];
const storage = ["blob", "queue", "table", "file"].map((part) => `inside.${part}.core.windows.net`);
const places: readonly (readonly [address: string, names: readonly string[]])[] = [
  ["10.20.0.4", answering],
  // Nothing listens there.
  ["10.20.0.5", ["crl.microsoft.com"]],
  ["10.30.0.5", storage],
  ["20.30.40.51", ["open.vault.azure.net"]],
  // Where the platform's hook leads the names of hybrid connections.
  ["127.0.0.5", ["db.corp.test"]],
  ["127.0.0.6", ["files.corp.test"]],
  ["10.20.0.6", ["known.corp.test"]],
  ["10.20.0.4", ["relayns.servicebus.windows.net"]],
];

inNamespaces("the built-in suites", () => {
  test("tell what answers from what does not", async () => {
    const names = places.flatMap(([, some]) => some);
    const { cert, key } = await issuedFor(names);
    const lines = places.flatMap(([address, some]) => some.map((name) => `${address} ${name}`));
    await inNamespace(new URL("./built-in.inside.ts", import.meta.url), {
      addresses: [
        ...new Set(places.map(([address]) => address).filter((one) => !one.startsWith("127."))),
        "10.9.8.7",
        "168.63.129.16",
      ].map((address) => `${address}/32`),
      hosts: `127.0.0.1 localhost\n${lines.join("\n")}\n`,
      resolvConf: "nameserver 10.9.8.7\noptions timeout:1 attempts:1\n",
      env: {
        NODE_EXTRA_CA_CERTS: (await certificates())("ca").cert,
        SONDE_TEST_SITE: JSON.stringify({ cert, key }),
      },
    });
  }, 120_000);
});
