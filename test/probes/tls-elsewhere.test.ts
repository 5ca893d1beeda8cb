/** What the TLS probe looks at beside its target: control hosts, places of revocation, the staple. */
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { makeEdge } from "../../lib/api/edge.ts";
import { tls } from "../../lib/probes/tls.ts";
import { revocation } from "../../lib/stages/revocation.ts";
import { ask, host, localEdge, nowhere } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { folder } from "../servers/daemon.ts";
import { needs } from "../servers/needs.ts";
import { pathOf } from "../servers/packages.ts";
import { closedPort } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { silent } from "../servers/tcp.ts";

const run = promisify(execFile);

const edgeWith = (hosts: string) =>
  localEdge({
    SONDE_LOCAL_HOST: "1",
    SONDE_TARGETS: "@loopback",
    SONDE_CONTROL_HOSTS: hosts,
  });

needs("openssl")("control hosts", () => {
  test("that show certificates of a private root tell of interception", async () => {
    const made = await certificates();
    const [target, control] = [await sServer(made("good")), await sServer(made("untrusted"))];
    const closed = await closedPort();
    const hosts = `127.0.0.1:${control.port}, 127.0.0.1:${closed} 10.1.2.3`;
    const pairs = [
      ["target", `127.0.0.1:${target.port}`],
      ["control", true],
    ] as const;
    const report = await ask(tls, pairs, edgeWith(hosts));
    expect(report.result["interception"]).toEqual({
      intercepted: "all",
      hosts: [
        {
          host: `127.0.0.1:${control.port}`,
          issuer: "O=Sonde tests, CN=strangerCa",
          root: "O=Sonde tests, CN=strangerCa",
          isPublic: false,
        },
        { host: `127.0.0.1:${closed}`, code: "tcp.refused" },
        { host: "10.1.2.3", code: "policy.not_allowed" },
      ],
    });
    const intercepted = report.findings.find((one) => one.code === "tls.intercepted");
    // No word of those that did not answer.
    expect(intercepted?.evidence).toBe(
      "1 of the 1 control hosts that answered, by O=Sonde tests, CN=strangerCa",
    );
  });

  test("that do not answer prove nothing, and trouble nobody", async () => {
    const made = await certificates();
    const { port } = await sServer(made("good"));
    const pairs = [
      ["target", `127.0.0.1:${port}`],
      ["control", true],
      ["ca", await readFile(made("ca").cert, "utf8")],
    ] as const;
    const report = await ask(tls, pairs, edgeWith(`127.0.0.1:${await closedPort()}`));
    expect(report).toMatchObject({ verdict: "pass", findings: [] });
    expect(report.result["interception"]).toMatchObject({ intercepted: "unknown" });
  });
});

test("places of revocation are connected to, and judged like any target", async () => {
  const { port } = await silent();
  const noted: unknown[] = [];
  const signal = AbortSignal.timeout(5000);
  const crl = [`http://127.0.0.1:${port}/a.crl`, `http://127.0.0.1:${await closedPort()}/b.crl`];
  const ocsp = ["http://169.254.169.254/ocsp", "ldap:///CN=ca"];
  const note = (facts: unknown) => void noted.push(facts);
  await revocation.run({ crl, ocsp }, { signal, here: nowhere(), note, late() {} });
  expect(noted).toEqual([
    {
      places: [
        { kind: "crl", url: crl[0], reachable: true },
        { kind: "crl", url: crl[1], reachable: false, code: "tcp.refused" },
        { kind: "ocsp", url: ocsp[0], reachable: false, code: "policy.floor" },
        { kind: "ocsp", url: ocsp[1], reachable: false, code: "sonde.untestable" },
      ],
    },
  ]);
});

needs("openssl")("a client certificate that the platform keeps", () => {
  test("is found by its thumbprint and shown", async () => {
    const made = await certificates();
    const home = await folder();
    const { cert, key } = made("client");
    const pfx = join(home, "client.p12");
    const words = ["pkcs12", "-export", "-in", cert, "-inkey", key, "-passout", "pass:"];
    await run(pathOf("openssl"), [...words, "-out", pfx]);
    const thumbprint = new X509Certificate(await readFile(cert)).fingerprint.replaceAll(":", "");
    const kept = new Map([[thumbprint, await readFile(pfx)]]);
    const edge = makeEdge({
      environment: { SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@loopback" },
      version: "0.0.0",
      resolvConf: "",
      host,
      ownAddresses: () => [],
      privateCertificate: (asked) => kept.get(asked),
    });
    const trust = ["-CAfile", made("ca").cert, "-Verify", "2", "-verify_return_error"];
    const { port } = await sServer(made("good"), trust);
    const pairs: Pair[] = [
      ["target", `127.0.0.1:${port}`],
      ["ca", await readFile(made("ca").cert, "utf8")],
    ];
    const shown = await ask(tls, [...pairs, ["certThumbprint", thumbprint]], edge);
    expect(shown.verdict).toBe("pass");
    expect(shown.result["addresses"]).toMatchObject([
      { handshake: { clientCertificate: { demand: "requested", shown: true } } },
    ]);
    const none = await ask(tls, pairs, edge);
    expect(none.findings[0]).toMatchObject({ code: "tls.client_certificate_required" });
  });
});

test("a thumbprint is of no use on Windows, and that is said", async () => {
  const { port } = await silent();
  const edge = localEdge(undefined, "", { os: "Windows_NT 10.0" });
  const pairs: Pair[] = [
    ["target", `127.0.0.1:${port}`],
    ["certThumbprint", "AB".repeat(20)],
  ];
  const { findings } = await ask(tls, pairs, edge);
  expect(findings[0]).toMatchObject({
    code: "tls.client_certificate_unusable",
    evidence: expect.stringMatching(/^Windows .* POST$/),
  });
});

needs("openssl")("an OCSP staple", () => {
  /** An answer by the root itself, about one of its certificates. */
  async function staple(status: "V" | "R"): Promise<string> {
    const made = await certificates();
    const { cert } = made("good");
    const ca = made("ca");
    const home = await folder();
    const openssl = async (...args: string[]) =>
      (await run(pathOf("openssl"), args, { cwd: home })).stdout.trim();
    const serial = (await openssl("x509", "-in", cert, "-noout", "-serial")).replace("serial=", "");
    const revoked = status === "R" ? "240101000000Z" : "";
    const row = [status, "450101000000Z", revoked, serial, "unknown", "/O=Sonde tests/CN=good"];
    await writeFile(join(home, "index.txt"), `${row.join("\t")}\n`);
    const [request, response] = [join(home, "request.der"), join(home, "response.der")];
    await openssl("ocsp", "-issuer", ca.cert, "-cert", cert, "-reqout", request);
    const signer = ["-rsigner", ca.cert, "-rkey", ca.key, "-CA", ca.cert, "-ndays", "7"];
    const files = ["-reqin", request, "-respout", response];
    await openssl("ocsp", "-index", "index.txt", ...signer, ...files);
    return response;
  }

  test.each([
    ["V", "good", []],
    ["R", "revoked", ["tls.revoked"]],
  ] as const)("of a certificate with status %s is read as %s", async (letter, status, codes) => {
    const made = await certificates();
    const { port } = await sServer(made("good"), ["-status_file", await staple(letter)]);
    const report = await ask(tls, [
      ["target", `127.0.0.1:${port}`],
      ["ca", await readFile(made("ca").cert, "utf8")],
    ]);
    expect(report.findings.map((one) => one.code)).toEqual([...codes]);
    expect(report.result["addresses"]).toMatchObject([
      {
        handshake: {
          ocsp: { stapled: true, response: "successful", status, ageHours: 0 },
        },
      },
    ]);
  });
});
