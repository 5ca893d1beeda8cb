/** The greeting of Storage against the errors that reports of others quote: no account can be had here. */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { once } from "node:events";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, expect, test } from "vitest";
import { check } from "../../lib/probes/check.ts";
import { ask } from "../asking.ts";
import { recorded as all } from "../findings/refused.ts";
import { certificates, type Certificate } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { portOf } from "../servers/ports.ts";
import { greet } from "./greet.ts";

let good: Certificate;
beforeAll(async () => {
  const made = await certificates();
  good = made("good");
  const ca = readFileSync(made("ca").cert, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
});

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Answers everything in the same way, and keeps what it was asked. */
async function account({ status, headers = {}, body = "" }: Answer) {
  const asked: string[] = [];
  const files = { cert: readFileSync(good.cert), key: readFileSync(good.key) };
  const server = createServer(files, (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? "nobody"}`);
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: portOf(server), asked };
}

/** As recorded: where, stands beside each. */
const recorded = (text: string) => {
  const found = all.find(({ body }) => body?.includes(`<Code>${text}</Code>`) === true);
  if (found === undefined) throw new Error(`no recorded answer says ${text}`);
  return found;
};

test("a firewall that refuses is told from a name that is missing", async () => {
  const closed = await account(recorded("AuthorizationFailure"));
  const no = await greet(`storage://127.0.0.1:${closed.port}`);
  expect(no.codes[0]).toBe("service.firewall");
  expect(no.branch["storage"]).toMatchObject({
    status: 403,
    errorCode: "AuthorizationFailure",
    answer: "refused by its firewall",
  });
  const open = await account(recorded("PublicAccessNotPermitted"));
  const yes = await greet(`storage://127.0.0.1:${open.port}`, {
    "expect.storageAnswer": "wants authentication",
  });
  expect(yes.report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
  expect(yes.branch["storage"]).toMatchObject({ status: 409, answer: "wants authentication" });
  expect(open.asked).toEqual(["GET /?comp=list nobody"]);
});

const id = { "x-ms-request-id": "00000000-601e-0004-761f-f40920000000" };

test.each<[Answer, string]>([
  [{ status: 200, headers: id, body: "<EnumerationResults/>" }, "open"],
  [{ status: 401, headers: { ...id, "www-authenticate": "Bearer" } }, "wants authentication"],
  [{ status: 404, headers: { "x-ms-error-code": "ResourceNotFound" } }, "wants authentication"],
  // A role that is missing is no firewall, and nobody without a name gets that far.
  [{ status: 403, headers: { "x-ms-error-code": "AuthorizationPermissionMismatch" } }, "unclear"],
  [{ status: 503, headers: { "x-ms-error-code": "ServerBusy" } }, "unclear"],
])("%j is %s", async (given, answer) => {
  const { port } = await account(given);
  const { branch, report } = await greet(`storage://127.0.0.1:${port}`);
  expect(branch["storage"]).toMatchObject({ status: given.status, answer });
  expect(report.verdict).toBe("pass");
});

test("another web server is not Storage, whatever its status", async () => {
  const { port } = await account({ status: 403, body: "AuthorizationFailure" });
  const { branch } = await greet(`storage://127.0.0.1:${port}`);
  expect(branch["stopped"]).toMatchObject({
    code: "service.wrong_protocol",
    detail: { speaks: "http" },
  });
});

test("a bare port 443 stays that of HTTPS", async () => {
  await expect(greet("127.0.0.1:443")).rejects.toThrow("a scheme is needed");
  const { port } = await account({ status: 200, headers: id });
  const report = await ask(check, [["target", `storage://127.0.0.1:${port}`]]);
  expect(report.summary).toContain("Storage answers: open");
});
