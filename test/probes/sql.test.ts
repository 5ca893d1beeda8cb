/** The sql probe against a server of the tests; what that server is worth: ../servers/tds.test.ts. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { check } from "../../lib/probes/check.ts";
import { sql } from "../../lib/probes/sql.ts";
import { ask } from "../asking.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { closedPort } from "../servers/ports.ts";
import {
  closingAtOnce,
  greeting,
  plainHttp,
  resettingOnData,
  silent,
  tcpServer,
} from "../servers/tcp.ts";
import { accepting, refusing, routing, tdsServer } from "../servers/tds.ts";

const shape = z.object({ addresses: z.tuple([z.record(z.string(), z.unknown())]) });

async function greet(port: number | string, more: Readonly<Record<string, string>> = {}) {
  const target = typeof port === "number" ? `127.0.0.1:${port}` : port;
  const report = await ask(sql, Object.entries({ target, ...more }));
  const [branch] = shape.parse(report.result).addresses;
  // What TLS has to remark on is not the matter here.
  const isRemark = (code: string, severity: string) =>
    code.startsWith("tls.") && severity !== "fail";
  const codes = report.findings.flatMap(({ code, severity }) =>
    isRemark(code, severity) ? [] : [code],
  );
  return { report, branch, codes, steps: report.steps.map((one) => `${one.name} ${one.verdict}`) };
}

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
  // Before the first handshake: the trust store is read once.
  const ca = readFileSync(made("ca").cert, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
});

describe("a server that encrypts", () => {
  test.each(["TLSv1.2", "TLSv1.3"] as const)("inside TDS with %s", async (maxVersion) => {
    const { port, hellos, logins } = await tdsServer({ certificate: made("good"), maxVersion });
    const { report, branch, steps } = await greet(port, { "expect.sqlEncryption": "required" });
    expect(branch["sql"]).toEqual({
      dialect: "TDS 7",
      version: "16.0.4135",
      product: "SQL Server 2022",
      encryption: "required",
      wantsCertificate: false,
      instanceMatches: true,
      mars: false,
      federatedAuth: false,
    });
    expect(branch["handshake"]).toMatchObject({ protocol: maxVersion, trusted: true });
    expect(steps).toEqual(["resolve pass", "connect pass", "sql pass", "handshake pass"]);
    expect(report.verdict).toBe("pass");
    expect(report.notProved).toEqual(["login", "redirect 11000–11999"]);
    expect(hellos).toHaveLength(1);
    expect(logins).toEqual([]);
  });

  test("with a certificate that nobody trusts: its facts and those of the server stay", async () => {
    const { port } = await tdsServer({ certificate: made("expired") });
    const { branch, codes } = await greet(port);
    expect(codes[0]).toBe("tls.expired");
    expect(branch["sql"]).toMatchObject({ version: "16.0.4135" });
    expect(branch["handshake"]).toMatchObject({ trusted: false, protocol: "TLSv1.2" });
  });

  test("is what check finds behind 1433, 3342 and sql://", async () => {
    const { port } = await tdsServer({ certificate: made("good") });
    const report = await ask(check, [["target", `sql://127.0.0.1:${port}`]]);
    expect(report.steps.map((one) => one.name)).toEqual(["resolve", "connect", "sql", "handshake"]);
    expect(report.summary).toContain("SQL Server answers and requires encryption");
  });

  test("wants a login by Entra ID, and says so", async () => {
    const { port } = await tdsServer({ certificate: made("good"), fedAuth: 1 });
    expect((await greet(port)).branch["sql"]).toMatchObject({ federatedAuth: true });
  });
});

describe("a server that does not", () => {
  test("is warned of, and TLS is not tried", async () => {
    const { port } = await tdsServer({ policy: "not-supported" });
    const { report, branch, codes, steps } = await greet(port);
    expect(branch["sql"]).toMatchObject({ encryption: "not-supported" });
    expect(steps.at(-1)).toBe("handshake skip");
    expect(codes).toEqual(["sql.plain"]);
    expect(report.verdict).toBe("warn");
  });

  test("encrypts the login only: no warning, and TLS is seen", async () => {
    const { port } = await tdsServer({ policy: "off", certificate: made("good") });
    const { branch, codes } = await greet(port);
    expect(branch["sql"]).toMatchObject({ encryption: "off" });
    expect(branch["handshake"]).toMatchObject({ trusted: true });
    expect(codes).toEqual([]);
  });
});

describe("TDS 8", () => {
  test("is tried where a plain hello is hung up on", async () => {
    const { port } = await tdsServer({ strict: true, certificate: made("good") });
    const { report, branch } = await greet(port);
    expect(report.verdict).toBe("pass");
    expect(branch["attempts"]).toMatchObject([
      {
        on: "TDS 8",
        handshake: { alpn: "tds/8.0", protocol: "TLSv1.3" },
        sql: { dialect: "TDS 8", version: "16.0.4135", encryption: "required" },
      },
    ]);
  });

  test("takes a login too", async () => {
    const { port, logins } = await tdsServer({ strict: true, certificate: made("good") });
    expect((await greet(port, { login: "dummy" })).report.summary).toContain("error 18456");
    expect(logins).toHaveLength(1);
  });

  test.each([
    ["hangs up", closingAtOnce, "tcp.closed"],
    ["resets", resettingOnData, "tcp.reset"],
  ])("does not help with a port that %s", async (_, start, code) => {
    const { port } = await start();
    const { report, codes } = await greet(port);
    expect(report.verdict).toBe("fail");
    expect(codes).toEqual([code]);
    expect(report.findings[0]?.evidence).toContain("TLS first does not help");
  });
});

describe("a port that is not SQL Server's", () => {
  test.each([
    ["http", plainHttp],
    ["ssh", () => greeting("SSH-2.0-OpenSSH_9.2\r\n")],
    ["mysql", () => greeting("J\0\0\0\n8.0.36\0")],
  ])("speaks %s", async (speaks, start) => {
    const { port } = await start();
    const { branch, codes } = await greet(port);
    expect(codes).toEqual(["sql.not_tds"]);
    expect(branch["stopped"]).toMatchObject({ detail: { speaks } });
  });

  test("announces what does not come: the pre-login of 65,535 octets with 8 of them", async () => {
    const { port } = await greeting("\u0004\u0001ÿÿ\0\0\u0001\0");
    expect((await greet(port, { timeoutMs: "300" })).codes).toEqual(["service.timeout"]);
  });

  test.each([
    ["an option that points outside", "0000ff0006ff"],
    ["no end", "00000b0006"],
    ["nothing about encryption", "ff"],
    ["an unknown policy", "0100060001ff09"],
  ])("answers with %s", async (_, hex) => {
    const body = Buffer.from(hex, "hex");
    const bytes = Buffer.concat([Buffer.of(4, 1, 0, 8 + body.length, 0, 0, 1, 0), body]);
    const server = await tcpServer((socket) => void socket.resume().write(bytes));
    expect((await greet(server.port)).codes).toEqual(["service.malformed"]);
  });

  test("stays silent", async () => {
    const { port } = await silent();
    expect((await greet(port, { timeoutMs: "300" })).codes).toEqual(["service.timeout"]);
  });
});

describe("login=dummy", () => {
  const dummy = { login: "dummy" };

  test.each(["required", "off", "not-supported"] as const)("with encryption %s", async (policy) => {
    const certificate = made("good");
    const server = await tdsServer({ policy, certificate });
    const { report, branch } = await greet(server.port, { ...dummy, database: "orders" });
    expect(branch["login"]).toMatchObject({
      user: "sonde-probe",
      outcome: "refused",
      encrypted: policy !== "not-supported",
      errors: [{ number: 18_456, server: "testserver" }],
    });
    expect(report.ok).toBe(true);
    expect(report.proved).toContain(
      "a login is read and answered: the whole way to the server works",
    );
    expect(server.logins).toEqual([
      {
        user: "sonde-probe",
        password: "not-a-password",
        server: "127.0.0.1",
        database: "orders",
      },
    ]);
  });

  test.each([
    [40_615, "sql.firewall"],
    [40_914, "sql.vnet_rule"],
    [47_073, "sql.public_access_off"],
    [40_532, "sql.unknown_server"],
    [40_613, "sql.unavailable"],
    [50_000, "sql.login_failed"],
  ])("error %i is %s", async (number, code) => {
    const message = "Client with IP address '203.0.113.9' is not allowed to access the server.";
    const answer = refusing(number, message);
    const { port } = await tdsServer({ certificate: made("good"), answer });
    const { codes, branch, report } = await greet(port, dummy);
    expect(codes).toEqual([code]);
    expect(branch["login"]).toMatchObject({ seenAs: "203.0.113.9" });
    expect(report.verdict).toBe("fail");
  });

  test.each([
    [18_470, "disabled"],
    [4060, "database"],
    [18_452, "not trusted"],
    [18_456, "no such login"],
  ])("error %i is about the login: the way works", async (number, meaning) => {
    const answer = refusing(number, "Cannot open database.");
    const { port } = await tdsServer({ certificate: made("good"), answer });
    const { report, codes } = await greet(port, dummy);
    expect(report.verdict).toBe("pass");
    expect(codes).toEqual(["sql.login_refused"]);
    const finding = report.findings.find(({ code }) => code === "sql.login_refused");
    expect(finding?.evidence).toContain(meaning);
  });

  test("that is accepted is a warning", async () => {
    const { port } = await tdsServer({ certificate: made("good"), answer: accepting });
    expect((await greet(port, dummy)).codes).toEqual(["sql.login_accepted"]);
  });

  test("without an answer is told apart from a silent port", async () => {
    const answer = Buffer.alloc(0);
    const { port } = await tdsServer({ certificate: made("good"), answer });
    const { codes } = await greet(port, { ...dummy, timeoutMs: "1000" });
    expect(codes).toEqual(["service.malformed"]);
  });
});

describe("a redirect", () => {
  test("is shown and judged, and not dialled unless asked", async () => {
    const node = await tdsServer({ certificate: made("good") });
    const answer = routing("127.0.0.1", node.port);
    const { port } = await tdsServer({ certificate: made("good"), answer });
    const { branch, codes, report } = await greet(port, { login: "dummy" });
    expect(branch["login"]).toMatchObject({
      outcome: "routed",
      route: { host: "127.0.0.1", port: node.port },
    });
    expect(codes).toEqual(["sql.redirects"]);
    expect(report.verdict).toBe("pass");
    expect(node.accepted()).toBe(0);
  });

  test("with follow=1 is greeted", async () => {
    const node = await tdsServer({ certificate: made("good") });
    const answer = routing("127.0.0.1\\node", node.port);
    const { port } = await tdsServer({ certificate: made("good"), answer });
    const { branch, report } = await greet(port, { login: "dummy", follow: "1" });
    expect(branch["hops"]).toMatchObject([
      { on: `127.0.0.1:${node.port}`, connect: {}, sql: { version: "16.0.4135" } },
    ]);
    expect(report.verdict).toBe("pass");
    expect(node.logins).toEqual([]);
  });

  test("to a closed port is sql.redirect_blocked", async () => {
    const closed = await closedPort();
    const answer = routing("127.0.0.1", closed);
    const { port } = await tdsServer({ certificate: made("good"), answer });
    const { codes, report } = await greet(port, { login: "dummy", follow: "1" });
    expect(codes).toEqual(["sql.redirect_blocked"]);
    expect(report.findings[0]?.evidence).toContain(`127.0.0.1:${closed} is blocked`);
  });

  test.each(["169.254.169.254", "0xa9fea9fe", "fd00:ec2::254"])(
    "to %s is refused, followed or not",
    async (host) => {
      const answer = routing(host, 80);
      const { port } = await tdsServer({ certificate: made("good"), answer });
      for (const follow of ["0", "1"]) {
        const { codes, steps, report } = await greet(port, { login: "dummy", follow });
        expect(codes).toContain("policy.route");
        expect(report.verdict).toBe("fail");
        expect(steps.filter((one) => one.startsWith("connect"))).toEqual(["connect pass"]);
      }
    },
  );
});

describe("input that would be left unread is refused", () => {
  test.each([
    [{ database: "orders" }, /database/],
    [{ follow: "1" }, /follow/],
    [{ target: "127.0.0.1?instanze=X" }, /instance=NAME/],
    [{ target: "127.0.0.1/orders" }, /instance=NAME/],
    [{ target: "127.0.0.1?instance=X&encrypt=1" }, /instance=NAME/],
    [{ target: `127.0.0.1?instance=${"X".repeat(33)}` }, /instance=NAME/],
    [{ target: "127.0.0.1?instance=A%00B" }, /instance=NAME/],
  ])("%j", async (more, why) => {
    await expect(greet("127.0.0.1:1", more)).rejects.toThrow(why);
  });
});

describe("?instance=", () => {
  /** SQL Server Browser has one port and no other, so it gets an address of its own. */
  const browserOn = async (address: string, answer: string) => {
    const socket = createSocket("udp4").bind(1434, address);
    closing(() => void socket.close());
    socket.on("message", (asked, from) => {
      const body = Buffer.from(answer.replace("ASKED", asked.toString("latin1", 1).slice(0, -1)));
      socket.send(Buffer.concat([Buffer.of(5, body.length, 0), body]), from.port, from.address);
    });
    await once(socket, "listening");
  };
  const own = `127.77.${process.pid & 0xff}.`;

  test("is looked up, and its port is judged and greeted", async () => {
    const address = `${own}1`;
    const { port } = await tdsServer({ certificate: made("good") }, address);
    await browserOn(
      address,
      `ServerName;BOX;InstanceName;ASKED;IsClustered;No;Version;16.0.1000.6;tcp;${port};;`,
    );
    const { branch, steps, report } = await greet(`${address}?instance=SQLEXPRESS`);
    expect(branch["browse"]).toEqual({
      asked: "SQLEXPRESS",
      sent: 1,
      server: "BOX",
      version: "16.0.1000.6",
      port,
    });
    expect(branch["sql"]).toMatchObject({ instance: "SQLEXPRESS", instanceMatches: true });
    expect(steps.slice(0, 4)).toEqual(["resolve pass", "browse pass", "connect pass", "sql pass"]);
    expect(report.findings[0]?.code).toBe("tls.name_mismatch");
    expect(report.reproduce).toEqual([
      `sqlcmd -S '${address}\\SQLEXPRESS' -l 5 -U sonde -P none`,
      `tsql -S '${address}\\SQLEXPRESS' -U sonde -P none`,
    ]);
  });

  test("is not looked up where a port is given, be it the usual one", async () => {
    const { branch, report } = await greet(`${own}9:1433?instance=X`);
    expect(branch).not.toHaveProperty("browse");
    expect(branch["stopped"]).toMatchObject({ stage: "connect", code: "tcp.refused" });
    expect(report.reproduce[0]).toBe(`sqlcmd -S ${own}9,1433 -l 5 -U sonde -P none`);
  });

  test.each(["ServerName;BOX;InstanceName;ASKED;IsClustered;No;Version;16.0;np;pipe;;", "junk"])(
    "without a TCP port: %s",
    async (answer) => {
      const address = `${own}${answer.length}`;
      await browserOn(address, answer);
      expect((await greet(`${address}?instance=X`)).codes).toEqual(["sql.no_instance"]);
    },
  );
});
