/** The greetings of SMTP, IMAP and POP3 against Postfix and Dovecot. */
import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { dovecot, isRoot, postfix, type Dovecot } from "../servers/mail.ts";
import { needs } from "../servers/needs.ts";
import { greet } from "./greet.ts";

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
  const ca = readFileSync(made("ca").cert, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
});

describe.runIf(isRoot)("as root", () => {
  needs("postfix", "openssl")("Postfix", () => {
    test("offers STARTTLS, and its certificate is seen", async () => {
      const { port, tlsPort, logged } = await postfix(made("good"));
      for (const scheme of ["smtp", "submission"]) {
        const { report, branch, steps } = await greet(`${scheme}://127.0.0.1:${port}`, {
          "expect.smtpStarttls": "true",
        });
        expect(branch["smtp"]).toMatchObject({
          greeting: "mail.sonde.test ESMTP Postfix",
          extensions: expect.arrayContaining(["STARTTLS", "8BITMIME"]),
        });
        expect(branch["handshake"]).toMatchObject({ trusted: true });
        expect(steps).toEqual(["resolve pass", "connect pass", "smtp pass", "handshake pass"]);
        expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
      }
      const first = await greet(`smtps://127.0.0.1:${tlsPort}`);
      expect(first.branch["smtp"]).toMatchObject({ starttls: false });
      expect(first.report.verdict).toBe("pass");
      expect(await logged()).toContain("lost connection after STARTTLS");
    });

    test("without a certificate answers, and is left in good order", async () => {
      const { port, logged } = await postfix();
      const { report, branch } = await greet(`smtp://127.0.0.1:${port}`);
      expect(branch["smtp"]).toMatchObject({ starttls: false });
      expect(report.verdict).toBe("pass");
      await expect.poll(logged, { timeout: 5000 }).toMatch(/ehlo=1 quit=1/);
    });
  });

  needs(
    "dovecot",
    "dovecot/pop3",
    "openssl",
  )("Dovecot", () => {
    const all = ["imap", "imaps", "pop3", "pop3s"] as const;
    let server: Dovecot;

    describe("with a certificate", () => {
      beforeAll(async () => {
        server = await dovecot(made("good"));
      });

      test.each(all)("%s is seen through TLS", async (scheme) => {
        const { report, branch, steps } = await greet(
          `${scheme}://127.0.0.1:${server.ports[scheme]}`,
        );
        const name = scheme.slice(0, 4);
        expect(branch[name]).toMatchObject({ greeting: expect.stringContaining("Dovecot") });
        expect(branch["handshake"]).toMatchObject({ trusted: true });
        expect(steps.toSorted()).toEqual(
          ["resolve pass", "connect pass", "handshake pass", `${name} pass`].toSorted(),
        );
        expect(report.verdict).toBe("pass");
      });

      test("offers IMAP's STARTTLS among its capabilities", async () => {
        const { branch } = await greet(`imap://127.0.0.1:${server.ports.imap}`);
        expect(branch["imap"]).toMatchObject({
          capabilities: expect.arrayContaining(["IMAP4rev1", "STARTTLS"]),
        });
      });
    });

    test("without one, no TLS is begun", async () => {
      server = await dovecot();
      const imap = await greet(`imap://127.0.0.1:${server.ports.imap}`);
      expect(imap.report.verdict).toBe("pass");
      expect(imap.branch["imap"]).not.toMatchObject({
        capabilities: expect.arrayContaining(["STARTTLS"]),
      });
      const pop3 = await greet(`pop3://127.0.0.1:${server.ports.pop3}`);
      expect(pop3.branch["pop3"]).toMatchObject({ tls: false });
      expect(pop3.report.verdict).toBe("pass");
    });
  });
});
