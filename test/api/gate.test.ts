import { describe, expect, test } from "vitest";
import { answer } from "../../lib/api/answer.ts";
import type { Environment } from "../../lib/here.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { localEdge } from "../asking.ts";

async function ask(
  environment: Environment,
  headers: [string, string][] = [],
  query = "target=10.0.0.4.example:1&target=x",
) {
  const lines: string[] = [];
  const url = `https://sonde.example/api/tcp?${query}`;
  const request = { method: "GET", url, headers, text: async () => "" };
  const { status, body } = await answer(tcp, request, localEdge(environment), (line) =>
    lines.push(line),
  );
  return { status, problem: JSON.parse(body), lines };
}

/** The query is bad on purpose: who gets in is told 400 and nothing is dialled. */
const INSIDE = 400;

describe("SONDE_AUTH", () => {
  test("key leaves the door to the platform", async () => {
    expect(await ask({})).toMatchObject({ status: INSIDE });
    expect(await ask({ SONDE_AUTH: "key" })).toMatchObject({ status: INSIDE });
  });

  test("easyauth needs Easy Auth to be on, and somebody signed in", async () => {
    const auth = { SONDE_AUTH: "easyauth" };
    const principal: [string, string][] = [["x-ms-client-principal-id", "somebody"]];
    expect(await ask(auth, principal)).toMatchObject({ status: 503 });
    const on = { ...auth, WEBSITE_AUTH_ENABLED: "True" };
    expect(await ask(on)).toMatchObject({ status: 401 });
    expect(await ask(on, principal)).toMatchObject({ status: INSIDE });
  });

  test("anonymous opens nothing that is not spelled out", async () => {
    const target = "target=10.0.0.4:1";
    expect(await ask({ SONDE_AUTH: "anonymous" }, [], target)).toMatchObject({
      status: 403,
      problem: { code: "policy.requires_auth" },
    });
  });

  test("anything else closes everything", async () => {
    expect(await ask({ SONDE_AUTH: "none" })).toMatchObject({
      status: 503,
      problem: { detail: expect.stringContaining("SONDE_AUTH") },
    });
  });
});

describe("SONDE_EXPIRES", () => {
  test.each([
    ["2020-01-01", 410],
    ["2999-01-01", INSIDE],
    ["soon", 503],
    ["", INSIDE],
  ])("%j is %d", async (date, status) => {
    expect(await ask({ SONDE_EXPIRES: date })).toMatchObject({ status });
  });
});

describe("SONDE_BANNER", () => {
  test.each([
    ["prod: orders|red", INSIDE],
    ["prod: orders", INSIDE],
    ["prod: orders|pink", 503],
    ["<b>|red", 503],
    ["|red", 503],
  ])("%s is told %i", async (banner, status) => {
    expect(await ask({ SONDE_BANNER: banner })).toMatchObject({ status });
  });

  test("that cannot be read is not repeated: it may be a secret in the wrong place", async () => {
    const { problem } = await ask({ SONDE_BANNER: "Server=x;Password=PLANTED|red" });
    expect(JSON.stringify(problem)).not.toContain("PLANTED");
    expect(problem).toMatchObject({ detail: expect.stringContaining("SONDE_BANNER") });
  });
});

describe("SONDE_CONTROL_HOSTS", () => {
  test.each([
    ["a.test, b.test:8443 [2001:db8::1]:443", INSIDE],
    ["", INSIDE],
    ["http://a.test", 503],
    ["a.test:99999", 503],
  ])("%j is %d", async (hosts, status) => {
    expect(await ask({ SONDE_CONTROL_HOSTS: hosts })).toMatchObject({ status });
  });
});

test("a policy that cannot be read is 503, with the place of the error", async () => {
  expect(await ask({ SONDE_TARGETS: "@private nonsense!" }, [], "target=10.0.0.4:1")).toMatchObject(
    {
      status: 503,
      problem: { code: "policy.invalid", rule: 2, column: expect.any(Number) },
    },
  );
});

describe("quotas count", () => {
  const callerIn = async (
    environment: Environment,
    headers: [string, string][],
    query?: string,
  ) => {
    const { lines } = await ask(environment, headers, query);
    return JSON.parse(lines[0] ?? "{}").caller;
  };

  test("a key by its hash, however it is presented, and never shows it", async () => {
    const header = await callerIn({}, [["x-functions-key", "hunter2"]]);
    const query = await callerIn({}, [], "target=x&code=hunter2");
    expect(header).toMatch(/^key:[0-9a-f]{12}$/);
    expect(query).toBe(header);
  });

  test("a principal only where the platform vouches for it", async () => {
    const forged: [string, string][] = [["x-ms-client-principal-id", "somebody"]];
    expect(await callerIn({}, forged)).toMatch(/^from:/);
    expect(await callerIn({ WEBSITE_AUTH_ENABLED: "true" }, forged)).toMatch(/^user:/);
  });

  test("the last hop of a forwarded chain, not what the caller wrote before it", async () => {
    const one = await callerIn({}, [["x-forwarded-for", "1.1.1.1, 9.9.9.9"]]);
    const other = await callerIn({}, [["x-forwarded-for", "2.2.2.2, 9.9.9.9"]]);
    expect(one).toBe(other);
  });
});
