import { test } from "vitest";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";

inNamespaces("a network of its own", () => {
  test("drops, rejects, has no route, forbids, and holds the addresses of the floor", async () => {
    await inNamespace(new URL("./network.inside.ts", import.meta.url), {
      addresses: ["10.9.8.7/32", "10.9.8.8/32", "169.254.169.254/32", "168.63.129.16/32"],
      hosts:
        "127.0.0.1 localhost\n10.9.8.7 served.test\n10.9.8.7 mixed.test\n169.254.169.254 mixed.test\n" +
        "169.254.169.254 metadata.test\n10.9.8.7 half.test\n10.9.8.8 half.test\n",
      resolvConf: "nameserver 10.9.8.7\noptions timeout:30 attempts:1\n",
      nft: `table inet t {
  chain out {
    type filter hook output priority 0;
    ip daddr 10.9.8.8 tcp dport 81 drop
    ip daddr 10.9.8.8 tcp dport 82 reject with tcp reset
    ip daddr 10.9.8.8 tcp dport 83 reject with icmpx admin-prohibited
  }
  chain in {
    type filter hook input priority 0;
    ip daddr 10.9.8.7 udp dport 53 drop
  }
}
`,
    });
  }, 120_000);
});
