/** TLS that begins in mid-conversation: the same handshake, the same verdicts, after each service's own words. */
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { tls } from "../../lib/probes/tls.ts";
import { ask } from "../asking.ts";
import { slapd, vsftpd } from "../servers/brokers.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { dovecot, isRoot, postfix } from "../servers/mail.ts";
import { mariadb } from "../servers/mariadb.ts";
import { needs } from "../servers/needs.ts";
import { postgresServer } from "../servers/postgres.ts";
import { greeting, tcpServer } from "../servers/tcp.ts";
import { tdsServer } from "../servers/tds.ts";

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
});

/** Trusts the root of the tests. */
async function through(starttls: string, port: number, ...more: Pair[]) {
  const ca = await readFile(made("ca").cert, "utf8");
  const report = await ask(tls, [
    ["target", `127.0.0.1:${port}`],
    ["starttls", starttls],
    ["ca", ca],
    ...more,
  ]);
  const [branch] = Object.values<Readonly<Record<string, unknown>>>(
    Object(report.result["addresses"]),
  );
  return { report, branch: branch ?? {}, codes: report.findings.map((one) => one.code) };
}

const versionsOf = { versions: [{}, {}, { on: "TLSv1.2", accepted: true }, { on: "TLSv1.3" }] };

needs("postgres", "openssl")("postgres", () => {
  test("is talked into TLS, once for the handshake and once for each version", async () => {
    const { port } = await postgresServer(made("good"));
    const { report, branch } = await through("postgres", port, ["versions", true]);
    expect(report.verdict).toBe("pass");
    expect(branch["postgres"]).toEqual({ encryption: "offered" });
    expect(branch).toMatchObject({ handshake: { trusted: true, trustedBy: ["given"] } });
    expect(branch).toMatchObject(versionsOf);
    expect(report.reproduce).toContainEqual(expect.stringContaining("-starttls postgres"));
  });

  test("without TLS says so, and that is what is wrong", async () => {
    const { port } = await postgresServer();
    const { report, branch, codes } = await through("postgres", port);
    expect(codes).toEqual(["tls.not_offered"]);
    expect(branch["postgres"]).toEqual({ encryption: "refused" });
    expect(report.steps.map((step) => `${step.name} ${step.verdict}`)).toEqual([
      "resolve pass",
      "connect pass",
      "postgres fail",
      "handshake skip",
    ]);
  });

  test("asked for TLS at once does not speak it", async () => {
    const { port } = await postgresServer(made("good"));
    const { codes } = await through("none", port, ["timeoutMs", 1000]);
    expect(codes[0]).toMatch(/^tls\.(closed|not_tls|timeout)$/);
  });
});

needs("slapd", "openssl")("slapd", () => {
  test("is talked into TLS, and its certificate is judged", async () => {
    const { port } = await slapd(made("expired"));
    const { branch, codes } = await through("ldap", port, ["versions", true]);
    expect(codes[0]).toBe("tls.expired");
    expect(branch).toMatchObject({ ldap: { starttls: true }, handshake: { trusted: false } });
    expect(branch).toMatchObject(versionsOf);
  });
});

needs("vsftpd", "openssl")("vsftpd", () => {
  test("is talked into TLS", async () => {
    const { port } = await vsftpd(made("good"));
    const { report, branch } = await through("ftp", port);
    expect(report.verdict).toBe("pass");
    expect(branch).toMatchObject({ ftp: { tls: true }, handshake: { trusted: true } });
  });
});

needs("mariadbd", "openssl")("mariadb", () => {
  test("is talked into TLS", async () => {
    const { port } = await mariadb(made("good"));
    const { report, branch } = await through("mysql", port);
    expect(report.verdict).toBe("pass");
    expect(branch).toMatchObject({ mysql: { tls: true }, handshake: { trusted: true } });
  });
});

needs("openssl")("SQL Server's way", () => {
  test("is TLS in packets of TDS, for the handshake and for each version", async () => {
    const { port } = await tdsServer({ certificate: made("good"), policy: "required" });
    const { report, branch } = await through("sql", port, ["versions", true]);
    expect(report.verdict).toBe("pass");
    expect(branch).toMatchObject({ sql: { dialect: "TDS 7" }, handshake: { trusted: true } });
    expect(branch).toMatchObject(versionsOf);
  });

  test("without encryption is no TLS", async () => {
    const { port } = await tdsServer({ policy: "not-supported" });
    expect((await through("sql", port)).codes[0]).toBe("tls.not_offered");
  });
});

if (isRoot) {
  needs("postfix", "openssl")("postfix", () => {
    test("is talked into TLS by EHLO and STARTTLS, for each version again", async () => {
      const { port } = await postfix(made("good"));
      const { branch } = await through("smtp", port, ["versions", true]);
      expect(branch).toMatchObject({ smtp: { starttls: true }, handshake: { trusted: true } });
      expect(branch).toMatchObject(versionsOf);
    });

    test("without a certificate offers no TLS", async () => {
      const { port } = await postfix();
      const { branch, codes } = await through("smtp", port);
      expect(codes[0]).toBe("tls.not_offered");
      expect(branch).toMatchObject({ smtp: { starttls: false } });
    });
  });

  needs("dovecot", "openssl")("dovecot", () => {
    test("is talked into TLS by STARTTLS and by STLS", async () => {
      const { ports } = await dovecot(made("wrongHost"));
      for (const name of ["imap", "pop3"] as const) {
        const { branch, codes } = await through(name, ports[name]);
        expect(codes[0]).toBe("tls.name_mismatch");
        expect(branch).toMatchObject({ handshake: { trusted: false } });
      }
    });
  });
}

describe("a service that agrees and stalls", () => {
  test("is asked again with a small hello, after the same words", async () => {
    let agreed = 0;
    const { port } = await tcpServer((socket) =>
      socket.once("data", () => {
        agreed += 1;
        socket.write("S");
      }),
    );
    const { branch, codes } = await through("postgres", port, ["timeoutMs", 1500]);
    expect(codes).toEqual(["tls.timeout"]);
    expect(branch).toMatchObject({ handshake: { smallHello: { answered: false } } });
    expect(agreed).toBe(2);
  });
});

describe("what a target says by itself", () => {
  test.each([
    ["postgres://127.0.0.1:PORT", undefined, "service.wrong_protocol"],
    ["https://127.0.0.1:PORT", "postgres", "service.wrong_protocol"],
    ["postgres://127.0.0.1:PORT", "none", "tls.not_tls"],
    ["smtps://127.0.0.1:PORT", undefined, "tls.not_tls"],
  ])("%s with starttls=%s", async (target, starttls, code) => {
    const { port } = await greeting("HTTP/1.1 400 Bad Request\r\n\r\n");
    const chosen: Pair[] = starttls === undefined ? [] : [["starttls", starttls]];
    const report = await ask(tls, [["target", target.replace("PORT", `${port}`)], ...chosen]);
    expect(report.findings[0]).toMatchObject({ code });
  });

  test.each([
    ["mail.example.test", "smtp", 25],
    ["mail.example.test", "pop3", 110],
    ["mail.example.test:587", "smtp", 587],
    ["tls://mail.example.test", "imap", 443],
    ["submission://mail.example.test", "smtp", 587],
    ["mail.example.test", undefined, 443],
  ])("%s with starttls=%s means port %d", (target, starttls, port) => {
    const asked = { target, ...(starttls === undefined ? {} : { starttls }) };
    expect(tls.about(tls.input.parse(asked), {}).target).toMatchObject({ port });
  });
});
