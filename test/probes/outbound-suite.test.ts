/** `expect=` of outbound among the checks of a suite, where `expect` is also what a check demands. */
import { once } from "node:events";
import { createServer } from "node:http";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { answerSmoke } from "../../lib/api/smoke.ts";
import { localEdge } from "../asking.ts";
import { closing } from "../servers/closing.ts";
import { portOf } from "../servers/ports.ts";

let environment: Readonly<Record<string, string>>;

beforeEach(async () => {
  const server = createServer((_request, response) => response.end("20.50.1.2"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => {
    server.closeAllConnections();
    server.close();
  });
  environment = {
    SONDE_LOCAL_HOST: "1",
    SONDE_TARGETS: "@loopback",
    SONDE_OUTBOUND_PROVIDERS: `mine=http://127.0.0.1:${portOf(server)}/`,
  };
});

async function smoke(...lines: readonly string[]) {
  const request = {
    method: "POST",
    url: "http://localhost/api/smoke",
    headers: [["content-type", "application/yaml"]] as const,
    text: async () => ["version: 1", "checks:", ...lines].join("\n"),
  };
  const { status, body } = await answerSmoke(request, localEdge(environment), () => {});
  return {
    status,
    answer: z.looseObject({ detail: z.string().optional() }).parse(JSON.parse(body)),
  };
}

test.each([
  ["the list of the probe", "- outbound: { expect: 'nat=20.50.1.0/29' }", 200],
  ["several", "- outbound: { expect: ['20.60.0.1', 'nat=20.50.1.0/29'] }", 200],
  ["the demand of the check", "- { outbound: {}, expect: { egress: 20.50.1.0/29 } }", 200],
  [
    "both",
    "- { outbound: { expect: 'nat=20.50.1.2' }, expect: { egressVerdict: nat-gateway } }",
    200,
  ],
  ["a list that does not hold", "- outbound: { expect: 20.60.0.1 }", 424],
  [
    "a verdict that does not hold",
    "- { outbound: { expect: 'nat=20.50.1.2' }, expect: { egressVerdict: firewall } }",
    424,
  ],
])("%s: %s", async (_what, check, status) => {
  expect(await smoke(check)).toMatchObject({ status });
});

test("what cannot be read is told with its place", async () => {
  const { status, answer } = await smoke("- 127.0.0.1:9", "- outbound:", "    expect: nonsense");
  expect(status).toBe(400);
  expect(answer.detail).toMatch(/^line 5, column \d+: checks\[?\.?1\]?\.outbound\.expect: /);
});
