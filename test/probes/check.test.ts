import { test } from "vitest";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";

inNamespaces("a check on a host of its own", () => {
  test("with name servers that know more, or less, than the host", async () => {
    await inNamespace(new URL("./check.inside.ts", import.meta.url), {
      addresses: ["10.9.8.6/32", "10.9.8.7/32", "10.9.8.8/32", "10.9.8.9/32", "20.30.40.50/32"],
      hosts: "127.0.0.1 localhost\n10.9.8.6 moved.example.test\n10.9.8.7 here.example.test\n",
      resolvConf: "nameserver 10.9.8.7\nnameserver 10.9.8.8\noptions timeout:5 attempts:1\n",
      nft: `table inet t {
        chain in { type filter hook input priority 0; ip daddr { 10.9.8.9, 20.30.40.50 } drop; }
      }`,
    });
  }, 120_000);
});
