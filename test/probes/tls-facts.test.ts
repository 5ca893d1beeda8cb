import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decode, type Pair } from "../../lib/api/decode.ts";
import { tls } from "../../lib/probes/tls.ts";
import { ask } from "../asking.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { folder } from "../servers/daemon.ts";
import { needs } from "../servers/needs.ts";
import { constrained } from "../servers/odd-certificates.ts";
import { nginx } from "../servers/nginx.ts";
import { sServer } from "../servers/sserver.ts";

type Name = Parameters<Certificates>[0];

const pem = async (name: Name) => readFile((await certificates())(name).cert, "utf8");
const keyOf = async (name: Name) => readFile((await certificates())(name).key, "utf8");

/** Asks for a server on loopback by the name that its certificates are for, and trusts their root. */
async function trusting(port: number, ...more: Pair[]) {
  return ask(tls, [["target", `127.0.0.1:${port}`], ["ca", await pem("ca")], ...more]);
}

type Trusting = Awaited<ReturnType<typeof trusting>>;

const codesOf = (report: Trusting) => report.findings.map((one) => one.code);

/** Of s_server with -CAfile, which sends the root along without being asked. */
const codesBeside = (report: Trusting) =>
  codesOf(report).filter((code) => code !== "tls.chain_root");

/** s_server sending just these certificates after its own, in this order. */
async function sending(own: Name, ...others: Name[]) {
  const file = join(await folder(), "chain.pem");
  await writeFile(file, (await Promise.all(others.map(pem))).join(""));
  const { cert, key } = (await certificates())(own);
  return sServer({ cert, key, issuers: file }, ["-no-CAfile", "-no-CApath"]);
}

needs("openssl")("the chain as it was sent", () => {
  test("is trusted by the authority that came with the question, and by no store", async () => {
    const made = await certificates();
    const { port } = await sServer(made("fullChain"));
    const report = await trusting(port);
    expect(report.verdict).toBe("pass");
    expect(report.result["addresses"]).toMatchObject([
      {
        handshake: {
          trusted: true,
          trustedBy: ["given"],
          forwardSecrecy: true,
          helloRetry: false,
          clientCertificate: { demand: "none", acceptableCAs: [] },
          ocsp: { stapled: false },
          chain: {
            sent: [
              { subject: "O=Sonde tests, CN=fullChain", usages: ["serverAuth"] },
              { subject: "O=Sonde tests, CN=intermediate" },
            ],
            sentCount: 2,
            built: [{}, {}, { subject: "O=Sonde tests, CN=ca" }],
            oddities: [],
          },
        },
      },
    ]);
    expect(codesOf(report)).toEqual([]);
  });

  test.each([
    [
      ["ca", "intermediate"],
      ["tls.chain_order", "tls.chain_root"],
    ],
    [["intermediate", "intermediate"], ["tls.chain_duplicate"]],
    [["intermediate", "strangerCa"], ["tls.chain_stranger"]],
    [["intermediate", "ca"], ["tls.chain_root"]],
    [["intermediate"], []],
  ] as const)("followed by %j: %j, and trusted nonetheless", async (others, codes) => {
    const { port } = await sending("incompleteChain", ...others);
    const report = await trusting(port);
    expect(report.verdict).toBe("pass");
    expect(codesOf(report).toSorted()).toEqual([...codes].toSorted());
    expect(report.result["addresses"]).toMatchObject([
      { handshake: { chain: { sentCount: others.length + 1 } } },
    ]);
  });

  test("lacks an intermediate: a fault, and a warning where it happens to be here", async () => {
    const made = await certificates();
    const { port } = await sServer(made("incompleteChain"));
    const report = await trusting(port);
    expect(report.findings[0]).toMatchObject({ code: "tls.incomplete_chain" });
    const both = await ask(tls, [
      ["target", `127.0.0.1:${port}`],
      ["ca", (await pem("ca")) + (await pem("intermediate"))],
    ]);
    expect(both.verdict).toBe("warn");
    expect(codesOf(both)).toEqual(["tls.intermediate_not_sent"]);
  });

  test("is shown whole when it was asked for, and not otherwise", async () => {
    const made = await certificates();
    const { port } = await sServer(made("good"));
    const shown = JSON.stringify((await trusting(port, ["pem", true])).result);
    expect(shown).toContain("-----BEGIN CERTIFICATE-----");
    expect(JSON.stringify((await trusting(port)).result)).not.toContain("BEGIN CERTIFICATE");
  });
});

/** A leaf that its authority may not issue, or that is not for servers, where the root is trusted. */
needs("openssl")("a chain that leads to a trusted root and breaks a rule", () => {
  test("is no unknown root: the certificate is for clients only", async () => {
    const made = await certificates();
    const { port } = await sServer(made("client"));
    const report = await trusting(port, ["checkName", "client.test"]);
    expect(codesBeside(report)).toEqual(["tls.invalid"]);
    expect(report.result["addresses"]).toMatchObject([
      { handshake: { faults: ["tls.invalid"], whyNot: "INVALID_PURPOSE", trustedBy: ["given"] } },
    ]);
  });

  test("is no weak key: the authority is not for this name", async () => {
    const { leaf, authority } = await constrained("corp.test");
    const { port } = await sServer(leaf);
    const report = await ask(tls, [
      ["target", `127.0.0.1:${port}`],
      ["ca", await readFile(authority.cert, "utf8")],
      ["checkName", "localhost"],
    ]);
    expect(report.findings[0]).toMatchObject({
      code: "tls.invalid",
      evidence: "the verifier says: permitted subtree violation",
    });
  });
});

needs("openssl")("a client certificate", () => {
  const demanding = async (...args: string[]) => {
    const made = await certificates();
    const ca = ["-CAfile", made("ca").cert];
    return sServer(made("good"), ["-verify_return_error", ...ca, ...args]);
  };

  test.each([["-tls1_2"], ["-tls1_3"]])(
    "is requested, %s: the handshake goes on",
    async (version) => {
      const { port } = await demanding("-verify", "2", version);
      const report = await trusting(port);
      expect(report.verdict).toBe("pass");
      expect(report.result["addresses"]).toMatchObject([
        {
          handshake: {
            clientCertificate: {
              demand: "requested",
              acceptableCAs: ["O=Sonde tests, CN=ca"],
              shown: false,
            },
          },
        },
      ]);
      expect(codesBeside(report)).toEqual(["tls.client_certificate_requested"]);
    },
  );

  test.each([["-tls1_2"], ["-tls1_3"]])(
    "is required, %s: the alert is waited for",
    async (version) => {
      const { port } = await demanding("-Verify", "2", version);
      const report = await trusting(port);
      expect(report.verdict).toBe("fail");
      expect(report.findings[0]).toMatchObject({ code: "tls.client_certificate_required" });
      expect(report.result["addresses"]).toMatchObject([
        {
          handshake: {
            clientCertificate: {
              demand: "required",
              acceptableCAs: ["O=Sonde tests, CN=ca"],
              signatureSchemes: expect.arrayContaining(["ecdsa_secp256r1_sha256"]),
            },
            leaf: { subject: "O=Sonde tests, CN=good" },
            daysLeft: expect.any(Number),
            chain: { sent: [{ subject: "O=Sonde tests, CN=good" }, {}] },
          },
          stopped: { code: "tls.client_certificate_required" },
        },
      ]);
    },
  );

  test("is required by a server whose own is bad: TLS 1.3 shows both", async () => {
    const made = await certificates();
    const demand = ["-Verify", "2", "-verify_return_error", "-CAfile", made("ca").cert];
    const { port } = await sServer(made("expired"), demand);
    const report = await trusting(port, ["expect.certDays", "1"]);
    expect(codesBeside(report)).toEqual(["tls.client_certificate_required", "tls.expired"]);
    expect(report.result["addresses"]).toMatchObject([
      {
        handshake: {
          protocol: "TLSv1.3",
          cipher: "TLS_AES_256_GCM_SHA384",
          trusted: false,
          faults: ["tls.expired"],
          trustedBy: ["given"],
        },
      },
    ]);
    expect(report.expected[0]?.actual).toMatch(/^-\d+$/);
  });

  test.each([["-tls1_2"], ["-tls1_3"]])("is shown and accepted, %s", async (version) => {
    const { port } = await demanding("-Verify", "2", version);
    const shown: Pair[] = [
      ["cert", await pem("client")],
      ["key", await keyOf("client")],
    ];
    const report = await trusting(port, ...shown);
    expect(report.verdict).toBe("pass");
    expect(codesBeside(report)).toEqual([]);
    expect(JSON.stringify(report)).not.toContain("PRIVATE KEY");
    expect(JSON.stringify(report)).not.toContain((await pem("client")).split("\n")[2]);
  });

  test.each([["-tls1_2"], ["-tls1_3"]])("of another authority is refused, %s", async (version) => {
    const { port } = await demanding("-Verify", "2", version);
    const shown: Pair[] = [
      ["cert", await pem("untrusted")],
      ["key", await keyOf("untrusted")],
    ];
    const report = await trusting(port, ...shown);
    expect(report.findings[0]).toMatchObject({ code: "tls.client_certificate_refused" });
  });

  test("that the platform does not keep is said so, and nothing is sent", async () => {
    const { port } = await demanding("-Verify", "2");
    const report = await trusting(port, ["certThumbprint", "AB".repeat(20)]);
    expect(report.findings[0]).toMatchObject({ code: "tls.client_certificate_unusable" });
  });

  test.each([
    ["another key", "good"],
    ["no key at all", "none"],
  ] as const)("with %s is a 400 that does not repeat it", async (_what, name) => {
    const own = await pem("client");
    const key = name === "good" ? await keyOf("good") : "this is not a key at all, is it?";
    const wrong = trusting(1, ["cert", own], ["key", key]);
    await expect(wrong).rejects.toThrow("private key in PEM");
    await expect(wrong).rejects.not.toThrow(key.slice(8, 30));
  });

  test("in a query is refused, and not repeated", async () => {
    const url = "http://localhost/api/tls?target=127.0.0.1:1&cert=a&key=hunter2";
    const request = { method: "GET", url, headers: [], text: async () => "" };
    const decoded = await decode(tls, request);
    expect(decoded).toMatchObject({
      problem: { status: 400, detail: expect.stringContaining("body of a POST") },
    });
    expect(JSON.stringify(decoded)).not.toContain("hunter2");
  });
});

needs("openssl")("versions, one by one", () => {
  test.each([
    [["-tls1_2"], [false, false, true, false]],
    [["-tls1_3"], [false, false, false, true]],
    [
      ["-cipher", "ALL:@SECLEVEL=0"],
      [true, true, true, true],
    ],
  ] as const)("of a server with %j: %j", async (args, accepted) => {
    const made = await certificates();
    const { port } = await sServer(made("good"), args);
    const report = await trusting(port, ["versions", true]);
    const [first] = Object.values(report.result["addresses"] ?? {});
    expect(first).toMatchObject({
      versions: [
        { on: "TLSv1", accepted: accepted[0] },
        { on: "TLSv1.1", accepted: accepted[1] },
        { on: "TLSv1.2", accepted: accepted[2] },
        { on: "TLSv1.3", accepted: accepted[3] },
      ],
    });
    expect(codesOf(report)).toEqual(accepted[0] ? ["tls.old_version"] : []);
    expect(report.verdict).toBe(accepted[0] ? "warn" : "pass");
  });

  test("keep the alert, and do not soften what is wrong with the certificate", async () => {
    const made = await certificates();
    const { port } = await sServer(made("expired"), ["-tls1_3"]);
    const report = await trusting(port, ["versions", true]);
    expect(report.verdict).toBe("fail");
    expect(report.findings[0]).toMatchObject({ code: "tls.expired", severity: "fail" });
    const [first] = Object.values(report.result["addresses"] ?? {});
    expect(first).toMatchObject({
      versions: [{}, {}, { on: "TLSv1.2", accepted: false, alert: 70 }, {}],
    });
  });
});

needs("openssl")("a version", () => {
  test("is agreed on although the handshake ends for want of a client certificate", async () => {
    const made = await certificates();
    const demand = ["-tls1_2", "-Verify", "2", "-verify_return_error", "-CAfile", made("ca").cert];
    const { port } = await sServer(made("good"), demand);
    const report = await trusting(port, ["versions", true]);
    expect(report.findings[0]).toMatchObject({ code: "tls.client_certificate_required" });
    const [first] = Object.values(report.result["addresses"] ?? {});
    expect(first).toMatchObject({
      versions: [{}, {}, { on: "TLSv1.2", accepted: true }, { on: "TLSv1.3", accepted: false }],
    });
  });
});

needs("openssl")("names", () => {
  test("the name sent and the name looked for are told apart", async () => {
    const made = await certificates();
    const other = made("wrongHost");
    const args = ["-servername", "good.test", "-cert2", other.cert, "-key2", other.key];
    const { port } = await sServer(made("good"), args);
    const none = await trusting(port);
    expect(none.verdict).toBe("pass");
    const sent = await trusting(port, ["servername", "good.test"]);
    expect(sent.findings[0]).toMatchObject({ code: "tls.name_mismatch" });
    const apart = await trusting(port, ["servername", "good.test"], ["checkName", "other.test"]);
    expect(apart.verdict).toBe("pass");
    const byAddress = await trusting(port, ["checkName", "0:0:0:0:0:0:0:1"]);
    expect(byAddress).toMatchObject({ verdict: "pass" });
    expect(apart.result["addresses"]).toMatchObject([
      { handshake: { servername: "good.test", checkedName: "other.test" } },
    ]);
  });
});

needs("nginx", "openssl")("nginx", () => {
  const secured = async (more: string) => {
    const made = await certificates();
    const { cert, key } = made("good");
    return nginx(
      (port) => `server { listen 127.0.0.1:${port} ssl; ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate ${cert}; ssl_certificate_key ${key}; ${more} }`,
    );
  };

  test.each([["optional"], ["on"]])(
    "asks for a certificate, ssl_verify_client %s",
    async (demand) => {
      const { cert } = (await certificates())("ca");
      const { port } = await secured(
        `ssl_verify_client ${demand}; ssl_client_certificate ${cert};`,
      );
      const report = await trusting(port);
      expect(report.verdict).toBe("pass");
      expect(codesOf(report)).toEqual(["tls.client_certificate_requested"]);
    },
  );

  test("rejects the handshake for a name it does not know: alert 112", async () => {
    const { port } = await secured("ssl_reject_handshake on;");
    const report = await trusting(port, ["servername", "nobody.test"]);
    expect(report.findings[0]).toMatchObject({ code: "tls.alert" });
    expect(report.result["addresses"]).toMatchObject([{ stopped: { detail: { alert: 112 } } }]);
  });

  test("wants another key share: one round trip more", async () => {
    const { port } = await secured("ssl_ecdh_curve secp384r1;");
    const report = await trusting(port);
    expect(codesOf(report)).toEqual(["tls.hello_retry"]);
    expect(report.result["addresses"]).toMatchObject([{ handshake: { helloRetry: true } }]);
  });
});

describe("what a caller may not ask", () => {
  test.each([
    ["ca", "nonsense"],
    ["servername", "bad name"],
    ["servername", "10.0.0.1"],
    ["checkName", "bad name"],
    ["checkName", ""],
    ["certThumbprint", "xyz"],
    ["cert", "alone"],
  ])("%s=%s is refused", async (name, value) => {
    await expect(
      ask(tls, [
        ["target", "127.0.0.1:1"],
        [name, value],
      ]),
    ).rejects.toThrow(name);
  });
});
