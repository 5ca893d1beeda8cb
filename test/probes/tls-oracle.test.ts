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

function clientSays(port: number, ...more: readonly string[]): Promise<string> {
  const at = ["-connect", `127.0.0.1:${port}`];
  return openssl(["s_client", ...at, "-showcerts", "-servername", "x.test", ...more]);
}

async function openssl(words: readonly string[]): Promise<string> {
  const child = spawn(pathOf("openssl"), words, { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.end();
  return text(child.stdout);
}

const shape = z.array(
  z.object({
    handshake: z.object({
      protocol: z.string(),
      cipher: z.string(),
      group: z.string().optional(),
      alpn: z.string().optional(),
      whyNot: z.string().optional(),
      chain: z.object({ sent: z.array(z.object({ sha256: z.string() })) }),
      clientCertificate: z.object({ acceptableCAs: z.array(z.string()) }),
    }),
  }),
);

async function sondeSays(port: number, ...more: [string, string][]) {
  const report = await ask(tls, [
    ["target", `127.0.0.1:${port}`],
    ["servername", "x.test"],
    ...more,
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

  test.each([
    [["-tls1_3", "-alpn", "h2"], "TLS_AES_256_GCM_SHA384"],
    [["-tls1_3", "-groups", "P-384"], "TLS_AES_256_GCM_SHA384"],
    [
      ["-tls1_2", "-alpn", "http/1.1", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"],
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    ],
    [["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"], /CHACHA20/],
  ] as const)("what a server with %j agrees on", async (args, cipher) => {
    const made = await certificates();
    const { port } = await sServer(made("good"), ["-no-CAfile", ...args]);
    const theirs = await clientSays(port, "-alpn", "h2,http/1.1");
    const ours = await sondeSays(port);
    const [, version, name = ""] = /^New, (\S+), Cipher is (\S+)$/m.exec(theirs) ?? [];
    expect(ours.protocol).toBe(version);
    // Of TLS 1.2 the command has names of its own, and a list of both.
    const both = (await openssl(["ciphers", "-stdname", "ALL"])).match(new RegExp(`.* ${name} .*`));
    expect(both?.[0]).toMatch(new RegExp(`^${ours.cipher} `));
    expect(ours.cipher).toMatch(cipher);
    expect(ours.alpn).toBe(/^ALPN protocol: (\S+)$/m.exec(theirs)?.[1]);
    const [, key] = /^Server Temp Key: (?:ECDH, )?([^,]+)/m.exec(theirs) ?? [];
    expect(groups.get(key ?? "") ?? key).toBe(ours.group);
  });

  test.each([
    ["good", "0 (ok)", undefined],
    ["expired", "10 (certificate has expired)", "CERT_HAS_EXPIRED"],
    ["notYetValid", "9 (certificate is not yet valid)", "CERT_NOT_YET_VALID"],
    ["selfSigned", "18 (self-signed certificate)", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["untrusted", "21 (unable to verify the first certificate)", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    [
      "incompleteChain",
      "21 (unable to verify the first certificate)",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ],
  ] as const)("what the verifier says of %s", async (own, theirs, ours) => {
    const made = await certificates();
    const { port } = await sServer(made(own), ["-no-CAfile"]);
    const trusted = made("ca").cert;
    const heard = await clientSays(port, "-CAfile", trusted);
    expect(/Verify return code: (.*)/.exec(heard)?.[1]).toBe(theirs);
    const ca = await readFile(trusted, "utf8");
    expect((await sondeSays(port, ["ca", ca])).whyNot).toBe(ours);
  });
});

/** The command says of some curves what they are called elsewhere. */
const groups = new Map([
  ["P-256", "prime256v1"],
  ["P-384", "secp384r1"],
]);
