/** The greeting of Redis against the real one. */
import { describe, expect, test } from "vitest";
import { check } from "../../lib/probes/check.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { needs } from "../servers/needs.ts";
import { redisServer } from "../servers/redis.ts";
import { greeting } from "../servers/tcp.ts";
import { greet } from "./greet.ts";

needs("redis-server")("redis-server", () => {
  test("answers PING, and is asked nothing more", async () => {
    const { port } = await redisServer();
    const { report, branch, steps } = await greet(`redis://127.0.0.1:${port}`);
    expect(report.summary).toBe(`PASS redis://127.0.0.1:${port} Redis answers`);
    expect(branch["redis"]).toEqual({ reply: "PONG", authentication: "none" });
    expect(steps).toEqual(["resolve pass", "connect pass", "redis pass"]);
    expect(report.notProved).toHaveLength(1);
  });

  test("that wants a password is healthy, and can be expected to want one", async () => {
    const { port } = await redisServer("--requirepass", "secret");
    const { report, branch } = await greet(`redis://127.0.0.1:${port}`, {
      "expect.redisAuth": "required",
    });
    expect(branch["redis"]).toMatchObject({ authentication: "required" });
    expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
    const other = await greet(`redis://127.0.0.1:${port}`, { "expect.redisAuth": "none" });
    expect(other.report.verdict).toBe("fail");
  });

  test("over TLS: a plain hello is cut off, and a certificate nobody trusts is named", async () => {
    const { cert, key } = (await certificates())("good");
    const files = ["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert];
    const { port } = await redisServer("--tls-port", "PORT", ...files, "--tls-auth-clients", "no");
    const secured = await greet(`rediss://127.0.0.1:${port}`);
    expect(secured.branch["stopped"]).toMatchObject({ stage: "handshake" });
    expect(secured.branch["handshake"]).toMatchObject({ protocol: "TLSv1.3" });
    const plain = await greet(`redis://127.0.0.1:${port}`);
    expect(["tcp.closed", "tcp.reset", "service.wrong_protocol"]).toContain(plain.codes[0]);
  });

  test("is what check greets", async () => {
    const { port } = await redisServer();
    const report = await ask(check, [["target", `redis://127.0.0.1:${port}`]]);
    expect(report.summary).toContain("Redis answers");
  });
});

describe("a port that is not Redis", () => {
  test.each([
    ["SSH-2.0-OpenSSH_9.2\r\n", "ssh"],
    ["220 mail.test ESMTP\r\n", "smtp"],
    ["HTTP/1.1 400 Bad Request\r\n\r\n", "http"],
    ["+OK ready\r\n", "pop3"],
    ["* OK IMAP4rev1\r\n", "imap"],
    ["\u0015\u0003\u0001\u0000\u0002\u0002\u0046\n", "tls"],
    ["hello\r\n", "unknown"],
  ])("%j speaks %s", async (banner, speaks) => {
    const { port } = await greeting(banner);
    const { branch, codes } = await greet(`redis://127.0.0.1:${port}`);
    expect(branch["stopped"]).toMatchObject({ detail: { speaks } });
    expect(codes).toEqual(["service.wrong_protocol"]);
  });

  test("an error is told in its own words, harmlessly", async () => {
    const { port } = await greeting("-DENIED Redis is in protected mode \u001b[2J\r\n");
    const { report } = await greet(`redis://127.0.0.1:${port}`);
    expect(report.findings[0]).toMatchObject({
      code: "service.refused",
      evidence: "Redis answers: DENIED Redis is in protected mode \\x1b[2J",
    });
  });
});
