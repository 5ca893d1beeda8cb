/** The greeting of PostgreSQL against the real one. */
import { describe, expect, test } from "vitest";
import { certificates } from "../servers/certificates.ts";
import { needs } from "../servers/needs.ts";
import { postgresServer } from "../servers/postgres.ts";
import { greeting } from "../servers/tcp.ts";
import { greet } from "./greet.ts";

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
