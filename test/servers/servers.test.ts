import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { promisify } from "node:util";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { certificates, type Certificates } from "./certificates.ts";
import { inNamespace, inNamespaces } from "./namespace.ts";
import { named } from "./named.ts";
import { needs } from "./needs.ts";
import { nginx } from "./nginx.ts";
import { pathOf } from "./packages.ts";
import { closedPort } from "./ports.ts";
import { sServer } from "./sserver.ts";
import {
  babbling,
  closingAtOnce,
  dripping,
  greeting,
  plainHttp,
  resetting,
  resettingOnData,
  silent,
  type TcpServer,
} from "./tcp.ts";

const run = promisify(execFile);

needs("named", "dig")("named", () => {
  test("answers dig from the zone it was given, over UDP and TCP", async () => {
    const zone = "$TTL 60\n@ SOA ns root 1 60 60 60 60\n@ NS ns\nns A 192.0.2.1\nmail MX 10 ns\n";
    const { port } = await named({ "example.test": zone });
    for (const transport of ["+notcp", "+tcp"]) {
      const words = [
        "@127.0.0.1",
        "-p",
        String(port),
        "+short",
        transport,
        "mail.example.test",
        "MX",
      ];
      expect((await run(pathOf("dig"), words)).stdout).toBe("10 ns.example.test.\n");
    }
  });

  test("says why when it does not start", async () => {
    await expect(named({ "example.test": "@ NONSENSE" }, "nonsense;")).rejects.toThrow("nonsense");
  });
});

needs(
  "nginx",
  "openssl",
  "curl",
)("nginx", () => {
  test("serves curl over TLS, and is gone when stopped", async () => {
    const certificate = await certificates();
    const { cert, key } = certificate("good");
    const server = await nginx(
      (port) => `server { listen 127.0.0.1:${port} ssl; ssl_certificate ${cert};
        ssl_certificate_key ${key}; location / { return 200 "hello"; } }`,
    );
    const url = `https://localhost:${server.port}/`;
    const words = ["-sS", "--noproxy", "*", "--cacert", certificate("ca").cert, url];
    expect((await run(pathOf("curl"), words)).stdout).toBe("hello");
    await server.stop();
    expect(existsSync(`/proc/${server.pid}`)).toBe(false);
  });
});

needs("openssl")("certificates by openssl", () => {
  let certificate: Certificates;
  beforeAll(async () => {
    certificate = await certificates();
  });

  test.each([
    ["good", 0],
    ["expired", 10],
    ["notYetValid", 9],
    ["wrongHost", 62],
    ["selfSigned", 18],
    ["fullChain", 0],
    ["incompleteChain", 21],
    ["untrusted", 21],
  ] as const)("s_client's verdict on %s is %d", async (name, code) => {
    const { port } = await sServer(certificate(name), ["-www"]);
    const trust = ["-CAfile", certificate("ca").cert, "-verify_hostname", "localhost"];
    const client = run(pathOf("openssl"), ["s_client", "-connect", `127.0.0.1:${port}`, ...trust]);
    client.child.stdin?.end();
    expect((await client).stdout).toContain(`Verify return code: ${code} `);
  });

  test("a server that asks for a certificate accepts the client's", async () => {
    const { cert, key } = certificate("client");
    const demand = ["-Verify", "2", "-verify_return_error", "-CAfile", certificate("ca").cert];
    const { port } = await sServer(certificate("good"), ["-www", ...demand]);
    const shown = ["--cert", cert, "--key", key, "--cacert", certificate("ca").cert];
    const url = `https://localhost:${port}/`;
    const { stdout } = await run(pathOf("curl"), ["-sS", "--noproxy", "*", ...shown, url]);
    expect(stdout).toContain("client.test");
  });
});

describe("servers that misbehave", () => {
  test("a closed port refuses", async () => {
    const [error] = await once(connect(await closedPort(), "127.0.0.1"), "error").catch(
      (why: unknown) => [why],
    );
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("silent accepts and says nothing", async () => {
    const server = await silent();
    const socket = await dial(server);
    socket.write("anybody there?");
    socket.setTimeout(100);
    await once(socket, "timeout");
    expect(socket.bytesRead).toBe(0);
    expect(server.accepted()).toBe(1);
  });

  test.each([resetting, resettingOnData])("%o ends in a reset", async (start) => {
    const socket = connect((await start()).port, "127.0.0.1");
    socket.write("hello");
    const error: unknown = await once(socket, "close").catch((why: unknown) => why);
    expect(error).toMatchObject({ code: "ECONNRESET" });
  });

  test("closingAtOnce ends in good order", async () => {
    expect(await buffer(await dial(await closingAtOnce()))).toHaveLength(0);
  });

  test("dripping sends octet by octet", async () => {
    const chunks: unknown[] = [];
    const socket = await dial(await dripping("drip", 30));
    socket.on("data", (chunk) => chunks.push(chunk));
    await once(socket, "end");
    expect(chunks).toHaveLength(4);
  });

  test("babbling does not stop", async () => {
    const socket = await dial(await babbling());
    while (socket.bytesRead < 0x100000) await once(socket, "data");
  });

  test("greeting speaks first, plainHttp when spoken to", async () => {
    const first = await dial(await greeting("SSH-2.0-test\r\n"));
    expect(String(await once(first, "data"))).toBe("SSH-2.0-test\r\n");
    const second = await dial(await plainHttp());
    second.write("\x16\x03\x01");
    expect(await text(second)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

inNamespaces("a namespace", () => {
  test("has the hosts, resolver, addresses and rules that it was given", async () => {
    const printed = await inNamespace(new URL("./furnished.inside.ts", import.meta.url), {
      hosts: "127.0.0.1 localhost\n10.9.8.7 furnished.test\n",
      resolvConf: "nameserver 10.9.8.7\n",
      addresses: ["10.9.8.7/32", "2001:db8::7/128"],
      nft: "add table inet t; add chain inet t in { type filter hook input priority 0; }; add rule inet t in tcp dport 81 drop",
    });
    expect(printed).toContain("5 passed, 0 failed");
  });

  test("fails when what runs inside fails", async () => {
    const url = new URL("./furnished.inside.ts", import.meta.url);
    await expect(inNamespace(url)).rejects.toThrow("furnished.test");
  });
});

async function dial({ port }: TcpServer): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}
