import { test } from "vitest";
import { certificates } from "../servers/certificates.ts";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";
import { needs } from "../servers/needs.ts";
import { homes, nameServers, sondeAt } from "./operators.ts";

/** As whom this host may leave. */
const ways = [
  "20.50.1.2",
  "20.50.1.3",
  "20.50.2.5",
  "20.60.0.1",
  "20.60.0.2",
  "20.60.0.3",
  "20.70.0.1",
  "20.88.1.1",
  "193.99.144.80",
  "185.10.20.30",
  "104.24.0.9",
  "10.20.2.7",
  "2a01:111::7",
];

needs("openssl")("outbound", () => {
  inNamespaces("with every operator in a host of its own", () => {
    test("by each way out there is", async () => {
      const all = [
        ...Object.values(homes).flat(),
        ...nameServers,
        ...Object.values(sondeAt),
        ...ways,
      ];
      const hosts = Object.entries(homes).flatMap(([name, addresses]) =>
        addresses.map((address) => `${address} ${name}`),
      );
      await inNamespace(new URL("./outbound.inside.ts", import.meta.url), {
        addresses: all.map((each) => `${each}/${each.includes(":") ? 128 : 32}`),
        hosts: `127.0.0.1 localhost\n${hosts.join("\n")}\n`,
        resolvConf: "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
        env: { NODE_EXTRA_CA_CERTS: (await certificates())("ca").cert },
      });
    }, 120_000);
  });
});
