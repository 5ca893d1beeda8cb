import { readFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { tls } from "../../lib/probes/tls.ts";
import { text } from "../../lib/surfaces/text.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { needs } from "../servers/needs.ts";
import { sServer } from "../servers/sserver.ts";
import { closingAtOnce, greeting, plainHttp, resettingOnData, silent } from "../servers/tcp.ts";
import { answering, completing, tlsRecord } from "../servers/tls.ts";

const on = (port: number, ...more: [string, string][]) =>
  ask(tls, [["target", `127.0.0.1:${port}`], ...more]);

needs("openssl")("the tls probe against openssl s_server", () => {
  test.each([
    ["expired", "tls.expired"],
    ["notYetValid", "tls.not_yet_valid"],
    ["wrongHost", "tls.name_mismatch"],
    ["selfSigned", "tls.self_signed"],
    ["incompleteChain", "tls.incomplete_chain"],
    ["fullChain", "tls.untrusted"],
  ] as const)("names what is wrong with %s: %s", async (name, code) => {
    const made = await certificates();
    const { port } = await sServer(made(name));
    const report = await on(port);
    expect(report.verdict).toBe("fail");
    expect(report.findings[0]).toMatchObject({ code });
    if (code === "tls.untrusted") expect(report.summary).toContain("leads to ca, which is not");
    expect(report.result["addresses"]).toMatchObject([
      {
        handshake: {
          trusted: false,
          protocol: "TLSv1.3",
          leaf: { subject: expect.stringContaining(name), daysLeft: expect.any(Number) },
          chain: { built: expect.any(Array) },
        },
        stopped: { stage: "handshake", code },
      },
    ]);
  });

  test("lists every fault, not only the one that leads", async () => {
    const made = await certificates();
    const { port } = await sServer(made("expiredWrongHost"));
    const codes = (await on(port)).findings.map((one) => one.code);
    expect(codes.slice(0, 2)).toEqual(["tls.expired", "tls.name_mismatch"]);
  });

  test("holds the days of a certificate to what was expected, although it is untrusted", async () => {
    const made = await certificates();
    const [fresh, old] = [await sServer(made("good")), await sServer(made("expired"))];
    expect((await on(fresh.port, ["expect.certDays", "30"])).expected).toMatchObject([
      { ok: true },
    ]);
    const report = await on(old.port, ["expect.certDays", "30"]);
    expect(report.expected).toMatchObject([{ key: "certDays", wanted: "at least 30", ok: false }]);
  });
});

test.each(["TLSv1.2", "TLSv1.3"] as const)(
  "a server of %s sees every handshake completed, although nothing is said after it",
  async (version) => {
    const { port, seen } = await completing(version);
    for (let left = 10; left > 0; left -= 1) {
      const report = await on(port);
      expect(report.result["addresses"]).toMatchObject([{ handshake: { protocol: version } }]);
    }
    await vi.waitFor(() => expect(seen).toEqual({ completed: 10, abandoned: 0 }));
  },
);

describe("a port that is not what it seems", () => {
  test("speaks plain HTTP: tls.not_tls", async () => {
    const { port } = await plainHttp();
    const report = await on(port);
    expect(report.findings[0]).toMatchObject({
      code: "tls.not_tls",
      evidence: "what came back is not TLS: HTTP",
    });
    expect(report.result["addresses"]).toMatchObject([{ stopped: { detail: { speaks: "http" } } }]);
  });

  test.each([
    ["SSH-2.0-OpenSSH_9.2\r\n", "SSH"],
    ["220 mail.example.test ESMTP\r\n", "SMTP"],
    ["hello there\r\n", 'begins with "hello there\\r\\n"'],
  ])("says %j first: that is told", async (said, what) => {
    const { port } = await greeting(said);
    expect((await on(port)).findings[0]).toMatchObject({
      code: "tls.not_tls",
      evidence: `what came back is not TLS: ${what}`,
    });
  });

  test("speaks TLS out of turn: that is TLS all the same", async () => {
    const { port } = await answering(tlsRecord(22, Buffer.of(14, 0, 0, 0)));
    expect((await on(port)).findings[0]).toMatchObject({
      code: "tls.failed",
      evidence: "OpenSSL says ERR_SSL_UNEXPECTED_MESSAGE",
    });
  });

  test("stays silent: tls.timeout, within the time allowed", async () => {
    const { port } = await silent();
    const report = await on(port, ["timeoutMs", "300"]);
    expect(report.findings[0]).toMatchObject({ code: "tls.timeout" });
    expect(report.ms).toBeLessThan(3000);
  });

  test.each([
    ["hangs up", closingAtOnce],
    ["resets", resettingOnData],
  ])("%s: tls.closed", async (_how, server) => {
    const { port } = await server();
    expect((await on(port)).findings[0]).toMatchObject({ code: "tls.closed" });
  });
});

needs("openssl")("as text", () => {
  test("versions stand beside each other, and certificates where they were asked for", async () => {
    const made = await certificates();
    const { port } = await sServer(made("good"), ["-tls1_3"]);
    const asked: [string, string][] = [
      ["target", `127.0.0.1:${port}`],
      ["versions", "1"],
    ];
    const plain = text.write(await ask(tls, asked), tls.stages);
    expect(plain).toMatch(/offer +TLSv1\.2 +pass +[\d.]+ ms +not accepted\n/);
    expect(plain).toMatch(/offer +TLSv1\.3 +pass +[\d.]+ ms +accepted\n/);
    expect(plain).not.toContain("BEGIN CERTIFICATE");
    const whole = text.write(await ask(tls, [...asked, ["pem", "1"]]), tls.stages);
    const shown = whole.replaceAll(/^ +(?:PEM +)?/gm, "");
    expect(shown).toContain((await readFile(made("good").cert, "utf8")).trim());
  });
});
