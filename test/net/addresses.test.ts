import { test } from "vitest";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";

const names = {
  "families.test": ["2a01:4f8::7", "93.184.216.36"],
  "fronts.test": ["10.9.3.1", "10.9.3.2", "10.9.3.3", "10.9.3.4"],
  "alive.test": ["10.9.3.2", "10.9.3.3"],
};
const hosts = Object.entries(names).flatMap(([name, addresses]) =>
  addresses.map((address) => `${address} ${name}\n`),
);

inNamespaces("addresses of a network of its own", () => {
  test("are dead, lose packets, are rationed or forbidden, and each shows as what it is", async () => {
    const more = ["10.9.2.1", "10.9.4.1", "10.9.4.2", "93.184.216.34", "93.184.216.35"];
    const single = [...new Set([...Object.values(names).flat(), ...more])];
    await inNamespace(new URL("./addresses.inside.ts", import.meta.url), {
      addresses: single.map((one) => `${one}/${one.includes(":") ? 128 : 32}`),
      hosts: `127.0.0.1 localhost\n${hosts.join("")}`,
      // A quota lets the first SYN, of 60 octets, fall and no other.
      nft: `table inet t {
  chain out {
    type filter hook output priority 0;
    ip6 daddr 2a01:4f8::7 drop
    ip daddr 10.9.3.1 drop
    ip daddr 10.9.4.1 tcp flags & (syn|ack) == syn quota until 60 bytes drop
    ip daddr 10.9.4.2 tcp flags & (syn|ack) == syn quota until 60 bytes drop
    ip daddr 93.184.216.34 tcp flags & (syn|ack) == syn limit rate over 1/minute burst 4 packets drop
  }
}
`,
    });
  }, 120_000);
});
