import { test } from "vitest";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";

inNamespaces("a firewall that keeps track of connections", () => {
  test("forgets those that are idle, and cuts them in its ways", async () => {
    await inNamespace(new URL("./opened.inside.ts", import.meta.url), {
      addresses: ["10.9.1.1/32", "10.9.1.2/32"],
      // What is in the middle of a connection that the firewall does not know.
      nft: `table inet t {
  chain in {
    type filter hook input priority 0;
    ip daddr 10.9.1.1 tcp flags & syn == 0 ct state new drop
    ip daddr 10.9.1.2 tcp flags & syn == 0 ct state new reject with tcp reset
  }
}
`,
    });
  }, 120_000);
});

inNamespaces("a path of small packets", () => {
  test("loses the large ones, on the way there or back, and nobody says so", async () => {
    await inNamespace(new URL("./sizes.inside.ts", import.meta.url), {
      addresses: ["10.9.1.3/32", "10.9.1.4/32"],
      nft: `table inet t {
  chain out {
    type filter hook output priority 0;
    ip daddr 10.9.1.3 ct direction original meta length > 1300 drop
    ip daddr 10.9.1.4 ct direction reply meta length > 1300 drop
  }
}
`,
    });
  }, 120_000);
});
