/**
 * What the SQL Server of these tests is worth: three clients that others wrote take it for one. FreeTDS is
 * in C, python3-tds in Python, and tedious, for Node, is the one of them that speaks TDS 8.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { Connection, type ConnectionConfiguration } from "tedious";
import { beforeAll, describe, expect, test } from "vitest";
import { certificates, type Certificates } from "./certificates.ts";
import { needs } from "./needs.ts";
import { pathOf } from "./packages.ts";
import { refusing, routing, tdsServer } from "./tds.ts";

const run = promisify(execFile);

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
});

const policies = ["required", "off", "not-supported"] as const;

needs("tsql")("tsql of FreeTDS", () => {
  test.each(policies)("is refused, encryption %s", async (policy) => {
    const { port, logins } = await tdsServer({ policy, certificate: made("good") });
    const words = ["-H", "127.0.0.1", "-p", String(port), "-U", "sa", "-P", "x1"];
    const said = run(pathOf("tsql"), words, { env: { TDSVER: "7.4" } });
    await expect(said).rejects.toMatchObject({ stderr: expect.stringContaining("18456") });
    expect(logins[0]).toMatchObject({ user: "sa", password: "x1" });
  });
});

needs(
  "python3",
  "pytds",
  "OpenSSL",
)("python3-tds", () => {
  const program = `
import sys, pytds
port, cafile = int(sys.argv[1]), sys.argv[2] or None
try:
    pytds.connect(dsn="localhost", port=port, user="sa", password="x1", database="orders", timeout=5,
                  login_timeout=5, cafile=cafile, validate_host=False)
except pytds.Error as error:
    print(error.number, error)
`;

  /** Without a file of authorities it says that it cannot encrypt. Of names it reads the common one alone. */
  test.each([
    ["required", true],
    ["off", true],
    ["not-supported", false],
  ] as const)("is refused, encryption %s", async (policy, encrypts) => {
    const { port, logins } = await tdsServer({ policy, certificate: made("good") });
    const cafile = encrypts ? made("ca").cert : "";
    const { stdout } = await run(pathOf("python3"), ["-c", program, String(port), cafile]);
    expect(stdout).toMatch(/^18456 Login failed/);
    expect(logins[0]).toMatchObject({ user: "sa", password: "x1", database: "orders" });
  });
});

describe("tedious", () => {
  /** How its login ends. It never ends otherwise here: the server accepts nobody. */
  async function logIn(port: number, encrypt: boolean | "strict") {
    const ca = readFileSync(made("ca").cert, "utf8");
    const config: ConnectionConfiguration = {
      server: "127.0.0.1",
      authentication: { type: "default", options: { userName: "sa", password: "x1" } },
      options: {
        port,
        encrypt,
        database: "orders",
        // A name for what is an address: the certificate is for both.
        serverName: "localhost",
        cryptoCredentialsDetails: { ca },
        connectTimeout: 5000,
      },
    };
    const connection = new Connection(config);
    const messages: number[] = [];
    connection.on("errorMessage", ({ number }) => void messages.push(number));
    const ended = once(connection, "connect");
    connection.connect();
    // A login that fails is an argument of the event, not an event of its own.
    const [how]: unknown[] = await ended;
    connection.close();
    return { how, messages };
  }

  const refused = {
    how: expect.objectContaining({
      code: "ELOGIN",
      message: expect.stringContaining("Login failed"),
    }),
    messages: [18_456],
  };
  const sent = { user: "sa", password: "x1", database: "orders" };

  test.each([
    ["required", true],
    ["off", true],
    ["off", false],
    ["not-supported", false],
  ] as const)("is refused, encryption %s, encrypt %s", async (policy, encrypt) => {
    const { port, logins } = await tdsServer({ policy, certificate: made("good") });
    expect(await logIn(port, encrypt)).toEqual(refused);
    expect(logins).toMatchObject([sent]);
  });

  test("without encryption leaves where it is required, and with it where there is none", async () => {
    const strict = await tdsServer({ policy: "required", certificate: made("good") });
    const { how } = await logIn(strict.port, false);
    expect(how).toMatchObject({ message: expect.stringContaining("requires encryption") });
    const plain = await tdsServer({ policy: "not-supported" });
    const { how: other } = await logIn(plain.port, true);
    expect(other).toMatchObject({ code: "ESOCKET" });
    expect([strict.logins, plain.logins]).toEqual([[], []]);
  });

  test("is refused over TDS 8, which verifies the certificate", async () => {
    const { port, logins } = await tdsServer({ strict: true, certificate: made("good") });
    expect(await logIn(port, "strict")).toEqual(refused);
    expect(logins).toMatchObject([sent]);
    const other = await tdsServer({ strict: true, certificate: made("wrongHost") });
    const { how } = await logIn(other.port, "strict");
    expect(how).toMatchObject({ message: expect.stringContaining("altnames") });
    expect(other.logins).toEqual([]);
  });

  test("reads the number of an error and goes where it is sent", async () => {
    const answer = refusing(40_615, "Cannot open server 'x' requested by the login.");
    const node = await tdsServer({ certificate: made("good"), answer });
    const gateway = await tdsServer({
      certificate: made("good"),
      answer: routing("127.0.0.1", node.port),
    });
    expect((await logIn(gateway.port, true)).messages).toEqual([40_615]);
    expect([gateway.logins.length, node.logins.length]).toEqual([1, 1]);
  });
});
