/** The greeting of PostgreSQL against the real one. */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import { certificates } from "../servers/certificates.ts";
import { folder } from "../servers/daemon.ts";
import { haproxy } from "../servers/haproxy.ts";
import { needs } from "../servers/needs.ts";
import { postgresServer } from "../servers/postgres.ts";
import { sServer } from "../servers/sserver.ts";
import { closingAtOnce, greeting } from "../servers/tcp.ts";
import { greet } from "./greet.ts";

beforeAll(async () => {
  // Before the first handshake: the trust store is read once.
  const ca = readFileSync((await certificates())("ca").cert, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
});

needs("postgres", "openssl")("postgres", () => {
  test("offers TLS: its certificate is seen as any other", async () => {
    const { port } = await postgresServer((await certificates())("expired"));
    const { branch, steps, codes } = await greet(`postgres://127.0.0.1:${port}`);
    expect(branch["postgres"]).toEqual({ encryption: "offered" });
    expect(branch["handshake"]).toMatchObject({ protocol: "TLSv1.3", trusted: false });
    expect(steps).toEqual(["resolve pass", "connect pass", "postgres pass", "handshake fail"]);
    expect(codes[0]).toBe("tls.expired");
  });

  test("without TLS answers, and says so", async () => {
    const { port } = await postgresServer();
    const { report, branch, steps } = await greet(`postgresql://127.0.0.1:${port}`, {
      "expect.postgresTls": "refused",
    });
    expect(branch["postgres"]).toEqual({ encryption: "refused" });
    expect(steps.at(-1)).toBe("handshake skip");
    expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
    expect(report.notProved[0]).toMatch(/TLS completes/);
  });
});

needs(
  "postgres",
  "haproxy",
  "openssl",
)("postgres that begins with TLS", () => {
  /** HAProxy ends TLS and hands on what was inside: as a server of 17 does it itself. */
  async function behindTls(server: { readonly port: number }) {
    const { cert, key } = (await certificates())("good");
    const pem = join(await folder(), "both.pem");
    await writeFile(pem, readFileSync(cert, "utf8") + readFileSync(key, "utf8"));
    return haproxy(
      (port) => `listen postgres
  mode tcp
  bind 127.0.0.1:${port} ssl crt ${pem} alpn postgresql
  server one 127.0.0.1:${server.port}
`,
    );
  }

  const inside = {
    handshake: { alpn: "postgresql", trusted: true },
    postgres: { encryption: "direct" },
  };

  test("is greeted again when it hangs up on the plain question", async () => {
    for (const certificate of [undefined, (await certificates())("good")]) {
      const { port } = await behindTls(await postgresServer(certificate));
      const { report, branch } = await greet(`postgres://127.0.0.1:${port}`, {
        "expect.postgresTls": "direct",
      });
      expect(branch["attempts"]).toMatchObject([{ on: "direct TLS", ...inside }]);
      expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
      expect(report.summary).toContain("PostgreSQL answers, TLS comes before the first word");
    }
  });

  test("is greeted inside TLS alone when the target says so", async () => {
    const { port } = await behindTls(await postgresServer());
    const { report, branch } = await greet(`postgres://127.0.0.1:${port}?sslnegotiation=direct`);
    expect(branch).toMatchObject(inside);
    expect(branch).not.toHaveProperty("attempts");
    expect(report.steps.map(({ name }) => name)).toEqual([
      "resolve",
      "connect",
      "handshake",
      "postgres",
    ]);
    expect(report.reproduce.join()).toContain("-alpn postgresql");
  });

  test("is not found behind TLS of another protocol", async () => {
    const { port } = await sServer((await certificates())("good"), ["-alpn", "h2"]);
    const { codes, branch } = await greet(`postgres://127.0.0.1:${port}`);
    expect(codes[0]).toBe("tls.alert");
    expect(branch["attempts"]).toMatchObject([{ stopped: { stage: "handshake" } }]);
  });

  test("is not asked for where it is not: PostgreSQL 15 does not know direct TLS", async () => {
    const { port } = await postgresServer((await certificates())("good"));
    const { codes } = await greet(`postgres://127.0.0.1:${port}?sslnegotiation=direct`);
    expect(codes[0]).toMatch(/^tls\./);
  });
});

describe("a port that is not PostgreSQL, or lies", () => {
  test("octets after the agreement are a hand in the conversation", async () => {
    const { port } = await greeting("Sinjected");
    const { codes } = await greet(`postgres://127.0.0.1:${port}`);
    expect(codes).toEqual(["service.malformed"]);
  });

  test.each(["SSH-2.0-x\r\n", "E\u0000\u0000\u0000\u0001", "HTTP/1.1 400 Bad Request\r\n\r\n"])(
    "%j is refused",
    async (banner) => {
      const { port } = await greeting(banner);
      const { codes } = await greet(`postgres://127.0.0.1:${port}`);
      expect(codes[0]).toMatch(/^service\.(malformed|wrong_protocol)$/);
    },
  );

  test("hanging up on both is one no, and tells of both", async () => {
    const { port } = await closingAtOnce();
    const { report, codes } = await greet(`postgres://127.0.0.1:${port}`);
    expect(codes).toEqual(["tcp.closed"]);
    expect(report.findings[0]?.evidence).toContain("TLS first does not help");
  });

  test("an error of the server is quoted", async () => {
    const error = "SFATAL\0C53300\0Mtoo many connections\0\0";
    const { port } = await greeting(`E\0\0\0${String.fromCharCode(error.length + 4)}${error}`);
    const { report } = await greet(`postgres://127.0.0.1:${port}`);
    expect(report.findings[0]).toMatchObject({
      code: "service.refused",
      evidence: "PostgreSQL answers with an error: too many connections",
    });
  });
});
