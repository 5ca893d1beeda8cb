/** Certificates that nobody would issue: a key too large to use, names by the thousand, issuers in a circle. */
import { execFile } from "node:child_process";
import { createPublicKey, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { certificates, type Certificate } from "./certificates.ts";
import { folder } from "./daemon.ts";
import { pathOf } from "./packages.ts";

const run = promisify(execFile);

async function workshop() {
  const home = await folder();
  const path = (name: string) => join(home, name);
  const openssl = (...args: readonly string[]) => run(pathOf("openssl"), args, { cwd: home });
  return { path, openssl };
}

const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];

/** A certificate for an RSA key of 16,384 bits, as much as OpenSSL will use. Nobody has the other half. */
export async function enormousKey(): Promise<string> {
  const { path, openssl } = await workshop();
  const modulus = randomBytes(2048);
  modulus[0] = 0xc1;
  modulus[2047] = 0x0d;
  const jwk = { kty: "RSA", n: modulus.toString("base64url"), e: "AQAB" };
  const key = createPublicKey({ key: jwk, format: "jwk" });
  await writeFile(path("key.pem"), key.export({ type: "spki", format: "pem" }));
  const ca = (await certificates())("ca");
  const signer = ["-CA", ca.cert, "-CAkey", ca.key, "-days", "30", "-out", "enormous.pem"];
  await openssl("x509", "-new", "-subj", "/CN=enormous", "-force_pubkey", "key.pem", ...signer);
  return path("enormous.pem");
}

/** One certificate for so many names. */
export async function manyNames(count: number): Promise<Certificate> {
  const { path, openssl } = await workshop();
  const names = Array.from({ length: count }, (_, at) => `DNS:host-${at}.example.test`).join(",");
  await writeFile(
    path("names.cnf"),
    `[req]\ndistinguished_name=dn\n[dn]\n[x]\nsubjectAltName=${names}\n`,
  );
  const how = ["-config", "names.cnf", "-extensions", "x", "-subj", "/CN=many", "-days", "30"];
  await openssl("req", "-x509", ...ec, ...how, "-keyout", "many.key", "-out", "many.pem");
  return { cert: path("many.pem"), key: path("many.key") };
}

/** A certificate for these names, issued by the root of this run: what stands in for services of others. */
export async function issuedFor(names: readonly string[]): Promise<Certificate> {
  const { path, openssl } = await workshop();
  const ca = (await certificates())("ca");
  await writeFile(
    path("issued.cnf"),
    `[req]\ndistinguished_name=dn\n[dn]\n[x]\nsubjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\n`,
  );
  const how = ["-config", "issued.cnf", "-extensions", "x", "-subj", "/CN=issued", "-days", "30"];
  const by = ["-CA", ca.cert, "-CAkey", ca.key];
  await openssl(
    "req",
    "-x509",
    ...ec,
    ...how,
    ...by,
    "-keyout",
    "issued.key",
    "-out",
    "issued.pem",
  );
  return { cert: path("issued.pem"), key: path("issued.key") };
}

/** An authority that may issue for one domain only (RFC 5280 §4.2.1.10), and what it issued for localhost. */
export async function constrained(
  domain: string,
): Promise<{ leaf: Certificate; authority: Certificate }> {
  const { path, openssl } = await workshop();
  await writeFile(
    path("constrained.cnf"),
    `[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;DNS:${domain}\n[x]\nsubjectAltName=DNS:localhost\n`,
  );
  const files = (name: string) => ["-keyout", `${name}.key`, "-out", `${name}.pem`];
  const how = (section: string) => ["-config", "constrained.cnf", "-extensions", section];
  const make = (section: string, ...more: readonly string[]) =>
    openssl("req", "-x509", ...ec, ...how(section), "-days", "30", ...more);
  await make("ca", "-subj", "/CN=constrained", ...files("narrow"));
  await make(
    "x",
    "-subj",
    "/CN=x",
    "-CA",
    "narrow.pem",
    "-CAkey",
    "narrow.key",
    ...files("beyond"),
  );
  const made = (name: string) => ({ cert: path(`${name}.pem`), key: path(`${name}.key`) });
  return { leaf: made("beyond"), authority: made("narrow") };
}

/** A leaf below two authorities that issued each other. */
export async function circle(): Promise<Certificate> {
  const { path, openssl } = await workshop();
  for (const name of ["a", "b", "leaf"]) {
    const request = ["-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`];
    await openssl("req", "-new", ...ec, ...request);
  }
  await writeFile(path("ca.ext"), "basicConstraints=critical,CA:TRUE\n");
  const sign = (name: string, by: readonly string[], out = name) =>
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...by,
      "-days",
      "30",
      "-extfile",
      "ca.ext",
      "-out",
      `${out}.pem`,
    );
  const by = (name: string, cert = name) => ["-CA", `${cert}.pem`, "-CAkey", `${name}.key`];
  await sign("a", ["-signkey", "a.key"], "draft");
  await sign("b", by("a", "draft"));
  await sign("a", by("b"));
  await sign("leaf", by("a"));
  const issuers = await Promise.all(["a.pem", "b.pem"].map((file) => run("cat", [path(file)])));
  await writeFile(path("issuers.pem"), issuers.map(({ stdout }) => stdout).join(""));
  return { cert: path("leaf.pem"), key: path("leaf.key"), issuers: path("issuers.pem") };
}
