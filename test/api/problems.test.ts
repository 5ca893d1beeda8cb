/** The problems that the OpenAPI document shows are the ones that are answered. */
import { afterEach, expect, test, vi } from "vitest";
import { answer } from "../../lib/api/answer.ts";
import { callerOf } from "../../lib/api/gate.ts";
import type { Request } from "../../lib/api/http.ts";
import { bodyOf, problems } from "../../lib/api/openapi/problems.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { localEdge } from "../asking.ts";

const local = { SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@private @public @loopback" };
const json = { "content-type": "application/json" };

interface Asked {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** By the name of the example. */
const ways: Readonly<Record<string, Asked>> = {
  misspelt: { query: "target=a:1&tmeoutMs=1" },
  missing: { query: "timeoutMs=1" },
  signIn: { environment: { SONDE_AUTH: "easyauth", WEBSITE_AUTH_ENABLED: "true" } },
  floor: { query: "target=169.254.169.254:80" },
  crossSite: { headers: { "sec-fetch-site": "cross-site" } },
  expired: { environment: { SONDE_EXPIRES: "2026-12-31" } },
  tooLarge: { headers: json, body: "x".repeat(300_000) },
  form: { headers: { "content-type": "text/plain" }, body: "a:1" },
  rebound: { headers: { host: "evil.example" } },
  busy: { query: "target=a:1", environment: { SONDE_LOCAL_HOST: "0" } },
  settings: { environment: { SONDE_AUTH: "everybody" } },
  loop: { headers: { "cdn-loop": "sonde-loop" } },
};

afterEach(() => void vi.useRealTimers());

const examples = Object.values(problems).flatMap((group) => Object.entries(group.examples));

test.each(examples.filter(([name]) => name !== "fault"))("%s", async (name, example) => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-12-31T12:00:00Z") });
  const { status, headers, body } = await answered(name);
  const run = "run" in (example.more ?? {}) ? { run: expect.any(String) } : {};
  expect(status).toBe(example.status);
  expect(JSON.parse(body)).toEqual({ ...Object(bodyOf(example)), ...run });
  expect("retry-after" in headers).toBe(example.retryAfter !== undefined);
});

function answered(name: string) {
  const { query = "", headers = {}, body = "", environment = {} } = ways[name] ?? {};
  const edge = { ...localEdge({ ...local, ...environment }), loopToken: "sonde-loop" };
  const request: Request = {
    method: body === "" ? "GET" : "POST",
    url: `http://localhost/api/tcp?${query}`,
    headers: Object.entries(headers),
    text: async () => body,
  };
  if (name === "busy") useUp(edge, request);
  return answer(tcp, request, edge, () => {});
}

/** All that one caller may ask in a minute. */
function useUp(edge: ReturnType<typeof localEdge>, request: Request): void {
  for (let count = 0; count < edge.settings.limits.medium; count += 1) {
    const entry = edge.quotas.enter(callerOf(edge, request), "medium");
    if ("leave" in entry) entry.leave();
  }
}
