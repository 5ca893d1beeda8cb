/** The greetings of services against the real ones. */
import { beforeAll, expect, test } from "vitest";
import { mariadb } from "../servers/mariadb.ts";
import { kafkaMock, mosquitto, slapd, sshd, vsftpd } from "../servers/brokers.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { mockupDb } from "../servers/mockupdb.ts";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";
import { needs } from "../servers/needs.ts";
import { greet } from "./greet.ts";

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
});

needs("mariadbd", "openssl")("mariadb", () => {
  test("greets first, and its certificate is seen", async () => {
    const { port } = await mariadb(made("expired"));
    const { branch, steps, codes } = await greet(`mysql://127.0.0.1:${port}`);
    expect(branch["mysql"]).toMatchObject({
      version: expect.stringMatching(/^10\.11\.\d+-MariaDB/),
      plugin: "mysql_native_password",
      tls: true,
    });
    expect(branch["handshake"]).toMatchObject({ trusted: false, protocol: "TLSv1.3" });
    expect(steps.slice(0, 4)).toEqual([
      "resolve pass",
      "connect pass",
      "mysql pass",
      "handshake fail",
    ]);
    expect(codes[0]).toBe("tls.expired");
  });

  test("without TLS answers, and can be expected to offer it", async () => {
    const { port } = await mariadb();
    const { report, branch } = await greet(`mysql://127.0.0.1:${port}`, {
      "expect.mysqlTls": "true",
    });
    expect(branch["mysql"]).toMatchObject({ tls: false });
    expect(report).toMatchObject({ verdict: "fail", expected: [{ ok: false }] });
  });

  test("with no account for our address says so before any login", async () => {
    const { port } = await mariadb(undefined, { root: "socket", more: ["--skip-name-resolve"] });
    const { report, codes } = await greet(`mysql://127.0.0.1:${port}`);
    expect(codes).toEqual(["service.mysql_host", "service.refused"]);
    expect(report.findings[0]?.evidence).toMatch(/error 1130: Host '127\.0\.0\.1' is not allowed/);
  });
});

needs("mariadbd")("mariadb that counts", () => {
  inNamespaces("the connections of an address", () => {
    test("blocks it after some that end before a login", async () => {
      await inNamespace(new URL("./mysql.inside.ts", import.meta.url), {
        addresses: ["10.9.1.1/32"],
        // Addresses are counted by the server's cache of names, and loopback is not.
        hosts: "127.0.0.1 localhost\n10.9.1.1 app.example.test\n",
        resolvConf: "",
      });
    }, 120_000);
  });
});

needs("mosquitto")("mosquitto", () => {
  test("open to strangers", async () => {
    const { port } = await mosquitto("allow_anonymous true");
    const { report, branch } = await greet(`mqtt://127.0.0.1:${port}`);
    expect(report.verdict).toBe("pass");
    expect(branch["mqtt"]).toEqual({ answer: "accepted" });
  });

  test("closed to strangers is healthy", async () => {
    const { port } = await mosquitto("allow_anonymous false");
    const { report, branch } = await greet(`mqtt://127.0.0.1:${port}`);
    expect(report.verdict).toBe("pass");
    expect(branch["mqtt"]).toEqual({ answer: "not authorised" });
  });
});

needs("sshd")("sshd", () => {
  test("names itself and what it can", async () => {
    const { port } = await sshd();
    const { report, branch } = await greet(`ssh://127.0.0.1:${port}`, {
      "expect.sshHostKey": "ssh-ed25519",
    });
    expect(branch["ssh"]).toMatchObject({
      identification: expect.stringMatching(/^SSH-2\.0-OpenSSH/),
      hostKeys: ["ssh-ed25519"],
      ciphers: expect.arrayContaining(["aes256-gcm@openssh.com"]),
    });
    expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
  });
});

needs("slapd", "openssl")("slapd", () => {
  test("says what it holds, and its certificate is seen through StartTLS", async () => {
    const { port } = await slapd(made("selfSigned"));
    const { branch, codes } = await greet(`ldap://127.0.0.1:${port}`);
    expect(branch["ldap"]).toEqual({ namingContexts: ["dc=sonde,dc=test"], starttls: true });
    expect(branch["handshake"]).toMatchObject({ trusted: false });
    expect(codes[0]).toBe("tls.self_signed");
  });

  test("without a certificate answers", async () => {
    const { port } = await slapd();
    const { report } = await greet(`ldap://127.0.0.1:${port}`);
    expect(report.summary).toContain("LDAP answers for dc=sonde,dc=test");
    expect(report.verdict).toBe("pass");
  });
});

needs("vsftpd", "openssl")("vsftpd", () => {
  test("accepts AUTH TLS, and its certificate is seen", async () => {
    const { port } = await vsftpd(made("expired"));
    const { branch, codes } = await greet(`ftp://127.0.0.1:${port}`);
    expect(branch["ftp"]).toEqual({ greeting: expect.stringContaining("vsFTPd"), tls: true });
    expect(branch["handshake"]).toMatchObject({ trusted: false });
    expect(codes[0]).toBe("tls.expired");
  });

  test("without a certificate refuses TLS, and answers", async () => {
    const { port } = await vsftpd();
    const { branch, report } = await greet(`ftp://127.0.0.1:${port}`);
    expect(branch["ftp"]).toMatchObject({ tls: false });
    expect(report.verdict).toBe("pass");
  });
});

needs("mockupdb")("MockupDB", () => {
  test("answers hello, and is asked nothing more", async () => {
    const { port } = await mockupDb();
    const { report, branch } = await greet(`mongodb://127.0.0.1:${port}`, {
      "expect.mongoWritable": "true",
    });
    expect(branch["mongodb"]).toEqual({ wireVersion: 21, writable: true, replicaSet: "rs0" });
    expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
  });
});

needs("kcat")("the mock brokers of librdkafka", () => {
  test("tell their APIs before any login", async () => {
    const { port } = await kafkaMock();
    const { report, branch } = await greet(`kafka://127.0.0.1:${port}`);
    expect(report.verdict).toBe("pass");
    expect(branch["kafka"]).toMatchObject({ error: 0, apis: expect.any(Number) });
  });
});
