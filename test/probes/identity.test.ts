import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { identity } from "../../lib/probes/identity.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { ask, localEdge } from "../asking.ts";
import { closedPort, portOf } from "../servers/ports.ts";

const header = "identity-header-secret";
const bearer = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzb25kZSJ9.c2lnbmF0dXJlLXNlY3JldA";

/**
 * The endpoint as the platform documents it: without its header or a resource it declines, and a token
 * comes as JSON. Scripted, because the real one exists on the platform alone.
 */
async function endpoint(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { port: portOf(server), seen };
}

/** On a platform: loopback is shut but for the endpoint. */
const placed = (port: number) =>
  localEdge({
    WEBSITE_INSTANCE_ID: "0123456789abcdef",
    IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
    IDENTITY_HEADER: header,
  });

const issuing = (request: IncomingMessage, response: ServerResponse) => {
  const url = new URL(request.url ?? "", "http://localhost");
  const may = request.headers["x-identity-header"] === header && url.searchParams.has("resource");
  response.statusCode = may ? 200 : 400;
  const expires = String(Math.round(Date.now() / 1000) + 3600);
  response.end(may ? JSON.stringify({ access_token: bearer, expires_on: expires }) : "{}");
};

describe("the identity endpoint", () => {
  test("answers, and is sent nothing secret while no token is asked for", async () => {
    const { port, seen } = await endpoint(issuing);
    const report = await ask(identity, [], placed(port));
    expect(report).toMatchObject({
      verdict: "pass",
      summary: "PASS the endpoint answers: HTTP 400",
      result: { addresses: [{ identity: { status: 400 } }] },
    });
    expect(seen[0]?.headers).not.toHaveProperty("x-identity-header");
    expect(report.notProved).toContain("that a token would be handed out: none was asked for");
  });

  test("hands out a token, of which only the time is told", async () => {
    const { port } = await endpoint(issuing);
    const report = await ask(identity, [["token", "1"]], placed(port));
    const [branch] = Object.values(report.result["addresses"] ?? {});
    expect(branch).toMatchObject({ identity: { status: 200, issued: true } });
    expect(JSON.stringify(report)).not.toMatch(/eyJ|c2lnbmF0dXJl|identity-header-secret/);
  });

  test("hands out none: its own words tell why, without what looks like a token", async () => {
    const { port } = await endpoint((_, response) => {
      response.statusCode = 500;
      response.end(JSON.stringify({ message: `no identity is assigned ${bearer}` }));
    });
    const report = await ask(identity, [["token", "1"]], placed(port));
    expect(report).toMatchObject({ verdict: "fail", findings: [{ code: "identity.no_token" }] });
    expect(report.findings[0]?.evidence).toContain("no identity is assigned");
    expect(JSON.stringify(report)).not.toContain("eyJ");
  });

  test("is not there: a connection that is refused, or no endpoint at all", async () => {
    const gone = await ask(identity, [], placed(await closedPort()));
    expect(gone).toMatchObject({ verdict: "fail", findings: [{ code: "tcp.refused" }] });
    const none = await ask(identity, [], localEdge({ WEBSITE_INSTANCE_ID: "0123" }));
    expect(none).toMatchObject({ verdict: "fail", findings: [{ code: "identity.absent" }] });
  });

  test("is reached by no other question, and no other port of loopback by this one", async () => {
    const { port, seen } = await endpoint(issuing);
    const report = await ask(tcp, [["target", `127.0.0.1:${port}`]], placed(port));
    expect(report).toMatchObject({ verdict: "error", findings: [{ code: "policy.floor" }] });
    expect(seen).toHaveLength(0);
  });
});
