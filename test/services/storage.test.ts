/**
 * The greeting of Azure Storage. Storage cannot run here: the answers are what its documentation and users quote,
 * and what Azurite, Microsoft's emulator, answered (3.35, recorded on 2026-11-28).
 */
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, expect, test } from "vitest";
import { check } from "../../lib/probes/check.ts";
import { impliedSchemes } from "../../lib/walks.ts";
import { ask } from "../asking.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { portOf } from "../servers/ports.ts";
import { greet } from "./greet.ts";

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
  // Before the first handshake: the trust store is read once.
  const ca = readFileSync(made("ca").cert, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
});

const id = "x-ms-request-id: 00000000-601e-0004-761f-f40920000000";

/** https://github.com/microsoft/promptflow/issues/1994; the reason is the message, as in every answer. */
const firewall = [
  "403 This request is not authorized to perform this operation.",
  "x-ms-error-code: AuthorizationFailure",
  id,
];
/** https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const notPublic = [
  "409 Public access is not permitted on this storage account.",
  "x-ms-error-code: PublicAccessNotPermitted",
  "Server: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
  id,
];
const noName = [
  "401 Server failed to authenticate the request.",
  "x-ms-error-code: NoAuthenticationInformation",
  id,
];
const emulated = [
  "403 Server failed to authenticate the request. Make sure the value of the Authorization header is formed correctly including the signature.",
  "Server: Azurite-Blob/3.35.0",
  "x-ms-error-code: AuthorizationFailure",
  "x-ms-request-id: 68c70a8e-3949-4615-8afe-7fbf233b9914",
];
const disabled = [
  "403 The specified account is disabled.",
  "x-ms-error-code: AccountIsDisabled",
  id,
];

async function answering(head: readonly string[]) {
  const { cert, key } = made("good");
  const asked: string[] = [];
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes: Buffer) => {
      asked.push(bytes.toString("latin1"));
      socket.end(`HTTP/1.1 ${head.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  closing(() => void server.close());
  return { port: portOf(server), asked };
}

test.each([
  ["an account without public access", notPublic, "authentication"],
  ["an account that wants a name", noName, "authentication"],
  ["the emulator, whose code is that of the firewall", emulated, "authentication"],
  ["a list for everybody", ["200 OK", id], "open"],
  ["a state that is not known here", ["400 Value for one of the query parameters", id], "unknown"],
])("%s: the way works", async (_, head, access) => {
  const { port, asked } = await answering(head);
  const { report, branch, steps } = await greet(`storage://127.0.0.1:${port}`, {
    "expect.storageAccess": access,
  });
  expect(branch["storage"]).toMatchObject({ access });
  expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
  expect(steps).toEqual(["resolve pass", "connect pass", "handshake pass", "storage pass"]);
  expect(asked[0]).toMatch(/^GET \/\?comp=list HTTP\/1\.1\r\nhost: 127\.0\.0\.1\r\n/);
  expect(asked[0]).not.toMatch(/authorization/i);
});

test.each([
  ["the firewall", firewall, ["service.storage_firewall", "service.refused"]],
  ["a disabled account", disabled, ["service.refused"]],
  ["another web server", ["404 Not Found", "Server: nginx"], ["service.wrong_protocol"]],
])("%s is a no", async (_, head, codes) => {
  const { port } = await answering(head);
  const found = await greet(`storage://127.0.0.1:${port}`);
  expect(found.codes.filter((code) => !code.startsWith("tls."))).toEqual(codes);
  expect(found.report.verdict).toBe("fail");
});

test("is asked for by its scheme alone: port 443 is that of the web", async () => {
  expect(impliedSchemes.has(443)).toBe(false);
  const { port } = await answering(firewall);
  const report = await ask(check, [["target", `storage://127.0.0.1:${port}`]]);
  expect(report.summary).toContain("service.storage_firewall");
});
