/** Sonde beside `openssl s_client` on the same servers: what both can see, both see alike. */
import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import * as z from "zod";
import { tls } from "../../lib/probes/tls.ts";
import { ask } from "../asking.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { folder } from "../servers/daemon.ts";
import { needs } from "../servers/needs.ts";
import { pathOf } from "../servers/packages.ts";
import { sServer } from "../servers/sserver.ts";

type Name = Parameters<Certificates>[0];

async function clientSays(port: number): Promise<string> {
  const words = [
    "s_client",
    "-connect",
    `127.0.0.1:${port}`,
    "-showcerts",
    "-servername",
    "x.test",
  ];
  const child = spawn(pathOf("openssl"), words, { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.end();
  return text(child.stdout);
}

const shape = z.array(
  z.object({
    handshake: z.object({
      protocol: z.string(),
      chain: z.object({ sent: z.array(z.object({ sha256: z.string() })) }),
      clientCertificate: z.object({ acceptableCAs: z.array(z.string()) }),
    }),
  }),
);

async function sondeSays(port: number) {
  const report = await ask(tls, [
    ["target", `127.0.0.1:${port}`],
    ["servername", "x.test"],
  ]);
  const [first] = shape.parse(report.result["addresses"]);
  if (first === undefined) throw new Error("no address was tried");
  return first.handshake;
}

needs("openssl")("beside openssl s_client", () => {
  test.each([
    ["incompleteChain", ["intermediate"], ["-tls1_3"]],
    ["incompleteChain", ["strangerCa", "intermediate", "intermediate"], ["-tls1_3"]],
    ["good", ["strangerCa"], ["-tls1_2"]],
    ["expired", [], ["-tls1_2", "-verify", "1"]],
    ["good", [], ["-tls1_3", "-verify", "1", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"]],
  ] as const)("%s and %j by a server with %j", async (own, others, args) => {
    const made = await certificates();
    const file = join(await folder(), "chain.pem");
    const pems = await Promise.all(others.map((name: Name) => readFile(made(name).cert, "utf8")));
    await writeFile(file, pems.join(""));
    const { cert, key } = made(own);
    const issuers = others.length > 0 ? { issuers: file } : {};
    const trust = args.some((word) => word === "-verify")
      ? ["-CAfile", made("ca").cert]
      : ["-no-CAfile"];
    const { port } = await sServer({ cert, key, ...issuers }, [...args, ...trust]);
    const [said, seen] = [await clientSays(port), await sondeSays(port)];

    const blocks = said.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    // The last one is the server's own once more.
    const shown = said.slice(0, said.indexOf("\nServer certificate"));
    const sent = blocks.slice(0, shown.match(/BEGIN CERTIFICATE/g)?.length ?? 0);
    const prints = sent.map((pem) => new X509Certificate(pem).fingerprint256);
    const plain = prints.map((one) => one.replaceAll(":", "").toLowerCase());
    expect(seen.chain.sent.map((one) => one.sha256)).toEqual(plain);
    expect(plain.length).toBeGreaterThan(0);
    expect(said).toContain(seen.protocol);
    const names = /Acceptable client certificate CA names\n(.*)\n/.exec(said)?.[1];
    const named = names === undefined ? [] : [names.replaceAll(" = ", "=")];
    expect(seen.clientCertificate.acceptableCAs).toEqual(named);
  });
});
