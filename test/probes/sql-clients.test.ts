/**
 * What the SQL Server of these tests is worth is asked of clients that other people wrote: tsql stands in
 * sql.test.ts, here is python-tds. A stand-in that they take for a server is fit to stand in.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { PYTHON } from "../servers/mockupdb.ts";
import { needs } from "../servers/needs.ts";
import { tdsServer } from "../servers/tds.ts";

const run = promisify(execFile);

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
});

/** Logs in once, and prints the number of the error it meets. */
const program = `
import sys, pytds
host, port, ca = sys.argv[1:4]
try:
    pytds.connect(dsn=host, port=int(port), user="sa", password="x1", database="orders",
                  cafile=ca or None, validate_host=False, login_timeout=10, autocommit=True)
    print("in")
except pytds.Error as error:
    print(getattr(error, "number", None), error)
`;

async function pytds(port: number, ca: string): Promise<string> {
  const words = ["-W", "ignore", "-c", program, "127.0.0.1", String(port), ca];
  return (await run(PYTHON, words, { timeout: 30_000 })).stdout.trim();
}

needs(
  "pytds",
  "OpenSSL",
  "openssl",
)("python-tds", () => {
  test.each(["required", "off", "not-supported"] as const)(
    "takes it for a SQL Server, encryption %s",
    async (policy) => {
      const { port, logins } = await tdsServer({ policy, certificate: made("good") });
      const said = await pytds(port, policy === "not-supported" ? "" : made("ca").cert);
      expect(said).toContain("Login failed for user");
      expect(logins[0]).toMatchObject({ user: "sa", password: "x1", database: "orders" });
    },
  );

  test("sees its certificate, and turns away from one that it does not trust", async () => {
    const { port, logins } = await tdsServer({ certificate: made("untrusted") });
    await expect(pytds(port, made("ca").cert)).rejects.toThrow(/certificate/i);
    expect(logins).toEqual([]);
  });
});
