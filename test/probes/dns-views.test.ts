import { test } from "vitest";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";

const addresses = ["10.9.8.7/32", "10.9.8.8/32", "168.63.129.16/32"];

inNamespaces("the views of a host of its own", () => {
  test("with a hosts file, a name server and a search list", async () => {
    await inNamespace(new URL("./dns-views.inside.ts", import.meta.url), {
      addresses,
      hosts: "127.0.0.1 localhost\n10.1.1.1 hosts.example.test\n2001:db8::7 six.example.test\n",
      resolvConf:
        "nameserver 10.9.8.7\nsearch corp.test svc.test\noptions ndots:2 timeout:1 attempts:1\n",
    });
  }, 120_000);

  test("without a name server that c-ares could find", async () => {
    await inNamespace(new URL("./dns-fallback.inside.ts", import.meta.url), {
      addresses,
      hosts: "127.0.0.1 localhost\n",
      resolvConf: "# nobody\n",
    });
  }, 120_000);

  test("with Azure's resolver beside a custom server", async () => {
    await inNamespace(new URL("./dns-opinion.inside.ts", import.meta.url), {
      addresses,
      hosts: "127.0.0.1 localhost\n",
      resolvConf: "nameserver 10.9.8.7\nsearch example.test\noptions timeout:1 attempts:1\n",
    });
  }, 120_000);

  test("with a real server behind the one that is configured", async () => {
    await inNamespace(new URL("./dns-cares.inside.ts", import.meta.url), {
      addresses,
      hosts: "127.0.0.1 localhost\n",
      resolvConf: "nameserver 10.9.8.7\noptions timeout:1 attempts:1\n",
    });
  }, 120_000);

  test("with a tree of names from the root on", async () => {
    await inNamespace(new URL("./dns-trace.inside.ts", import.meta.url), {
      addresses: [...addresses, "10.9.8.9/32", "198.41.0.4/32", "169.254.169.254/32"],
      hosts: "127.0.0.1 localhost\n",
      resolvConf: "nameserver 10.9.8.7\noptions timeout:1 attempts:1\n",
    });
  }, 120_000);
});
