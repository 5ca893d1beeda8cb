/** Sonde beside testssl.sh, which reads handshakes by its own means: chain, dates, names, trust, versions. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
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

/** It opens dozens of connections by shell script. */
const PATIENCE_MS = 180_000;

const found = z.array(z.object({ id: z.string(), finding: z.string() }));

/** What it finds, by its own names. It asks no name server, and fetches nothing. */
async function testssl(port: number, ca: string): Promise<ReadonlyMap<string, string>> {
  const file = join(await folder(), "out.json");
  const quiet = ["--quiet", "--color", "0", "--warnings", "batch", "--nodns", "none"];
  const where = ["--ip", "127.0.0.1", "--add-ca", ca, "--jsonfile", file];
  const words = [...quiet, ...where, "-S", "-p", `127.0.0.1:${port}`];
  await promisify(execFile)(pathOf("testssl"), words).catch((error: unknown) => {
    // Its exit code counts what it dislikes.
    if (!(error instanceof Error) || !("code" in error)) throw error;
  });
  const all = found.parse(JSON.parse(await readFile(file, "utf8")));
  return new Map(all.map(({ id, finding }) => [id, finding]));
}

const shape = z.tuple([
  z.object({
    handshake: z.object({
      faults: z.array(z.string()),
      leaf: z.object({ sha256: z.string(), names: z.array(z.string()), validTo: z.string() }),
      chain: z.object({ sentCount: z.int() }),
      trustedBy: z.array(z.string()),
      ocsp: z.object({ stapled: z.boolean() }),
    }),
    versions: z.array(z.object({ on: z.string(), accepted: z.boolean() })),
  }),
]);

async function sonde(port: number, ca: string) {
  const report = await ask(tls, [
    ["target", `127.0.0.1:${port}`],
    ["ca", await readFile(ca, "utf8")],
    ["versions", true],
  ]);
  const [{ handshake, versions }] = shape.parse(report.result["addresses"]);
  return { ...handshake, versions };
}

const offered = (said: ReadonlyMap<string, string>) =>
  ["TLS1", "TLS1_1", "TLS1_2", "TLS1_3"].map((id) => said.get(id)?.startsWith("offered") === true);

needs("testssl", "openssl")("beside testssl.sh", () => {
  test.each<[Name, string[]]>([
    ["fullChain", ["-cipher", "ALL:@SECLEVEL=0"]],
    ["expiredWrongHost", ["-tls1_3"]],
    ["untrusted", ["-tls1_2"]],
  ])(
    "%s, by a server with %j",
    async (name, args) => {
      const made = await certificates();
      const ca = made("ca").cert;
      const { port } = await sServer(made(name), [...args, "-no-CAfile", "-www"]);
      const said = await testssl(port, ca);
      const seen = await sonde(port, ca);

      expect(seen.leaf.sha256).toBe(said.get("cert_fingerprintSHA256")?.toLowerCase());
      expect(seen.chain.sentCount).toBe(Number(said.get("certs_countServer")));
      const names = seen.leaf.names.map((one) => one.replace(/^(DNS|IP Address):/, ""));
      expect(names.join(" ")).toBe(said.get("cert_subjectAltName"));
      expect(seen.leaf.validTo.slice(0, 10)).toBe(said.get("cert_notAfter")?.slice(0, 10));
      expect(seen.versions.map(({ accepted }) => accepted)).toEqual(offered(said));
      expect(seen.ocsp.stapled).toBe(said.get("OCSP_stapling") !== "not offered");
      const faults = {
        "tls.expired": said.get("cert_expirationStatus") === "expired",
        "tls.name_mismatch": said.get("cert_trust")?.includes("does not match") === true,
      };
      for (const [fault, isThere] of Object.entries(faults))
        expect(seen.faults.includes(fault), fault).toBe(isThere);
      // An expired chain is no path to it, whoever stands at its end.
      if (!seen.faults.includes("tls.expired")) {
        const isTrusted = said.get("cert_chain_of_trust")?.startsWith("passed") === true;
        expect(seen.trustedBy.length > 0).toBe(isTrusted);
      }
    },
    PATIENCE_MS,
  );
});
