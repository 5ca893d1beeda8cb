import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "../../lib/api/decode.ts";
import { nearest } from "../../lib/nearest.ts";
import { dns } from "../../lib/probes/dns.ts";
import { echo } from "../../lib/probes/echo.ts";
import { http } from "../../lib/probes/http.ts";
import { probes } from "../../lib/probes/index.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { tls } from "../../lib/probes/tls.ts";
import type { AnyProbe } from "../../lib/probe.ts";

function get(probe: AnyProbe, query: string, headers: [string, string][] = []) {
  return decode(probe, {
    method: "GET",
    url: `http://localhost/api/x?${query}`,
    headers,
    text: async () => "",
  });
}

function post(probe: AnyProbe, body: string, type = "application/json", query = "") {
  return decode(probe, {
    method: "POST",
    url: `http://localhost/api/x?${query}`,
    headers: [["content-type", type]],
    text: async () => body,
  });
}

const problemOf = async (decoded: ReturnType<typeof get>) => {
  const result = await decoded;
  if (!("problem" in result)) throw new Error("it was accepted");
  return result.problem;
};

const askedOf = async (decoded: ReturnType<typeof get>) => {
  const result = await decoded;
  if ("problem" in result) throw new Error(result.problem.detail);
  return result.question;
};

describe("what does not fit is said in words, whatever the field", () => {
  const values = ["x", "-1", "1.5", "999999999999", "x".repeat(5000)];
  const cases = probes.flatMap((probe) =>
    Object.keys(probe.input.shape).map((name): [string, string, AnyProbe] => [
      probe.name,
      name,
      probe,
    ]),
  );
  test.each(cases)("%s: %s", async (_, name, probe) => {
    for (const value of values) {
      const query = new URLSearchParams(probe.example);
      query.set(name, value);
      const decoded = await get(probe, query.toString());
      if (!("problem" in decoded)) continue;
      const [named, said] = decoded.problem.detail.split(/: | /, 2);
      expect(named).toBe(name);
      expect(said).not.toMatch(/Invalid|expected|Too (?:big|small)|undefined/);
    }
  });

  test("a word of a few is offered when it is near", async () => {
    const problem = await problemOf(get(http, "target=http://a/&as=frontdor"));
    expect(problem.more).toEqual({ parameter: "as", suggestion: "frontdoor" });
    expect(problem.detail).toBe(
      "as: did you mean frontdoor? use one of frontdoor, appgw, healthcheck",
    );
  });
});

describe("bad input names the parameter and the nearest right one", () => {
  test.each([
    [tcp, "traget=localhost:80", "traget", "target"],
    [tcp, "target=localhost:80&timeoutms=5", "timeoutms", "timeoutMs"],
    [tls, "target=localhost&expect.certDay=3", "expect.certDay", "expect.certDays"],
    [dns, "name=a&format=txt", "format", "text"],
  ])("%#: %s %s", async (probe, query, parameter, suggestion) => {
    const problem = await problemOf(get(probe, query));
    expect(problem).toMatchObject({ status: 400, more: { parameter, suggestion } });
    expect(problem.detail).toContain(parameter);
  });

  test.each([
    [tcp, "", "target", "target is needed"],
    [tcp, "target=localhost", "target", "a port is needed"],
    [tcp, "target=a:1&target=b:1", "target", "2 times"],
    [tcp, "target=a:1&timeoutMs=0", "timeoutMs", "timeoutMs"],
    [tcp, "target=a:1&timeoutMs=30001", "timeoutMs", "30000"],
    [tcp, "target=a:1&timeoutMs=1.5", "timeoutMs", "timeoutMs"],
    [tcp, "target=a:1&timeoutMs=5s", "timeoutMs", "timeoutMs"],
    // What all of them begin with is no likeness.
    [tls, "target=a&expect.zzzz=1", "expect.zzzz", "known are expect.reachable"],
    [tls, "target=a&expect.certDays=soon", "expect.certDays", "a number"],
    [tls, "target=a&expect.reachable=maybe", "expect.reachable", "true or false"],
    [dns, "name=a&type=WKS2", "type", "TYPE"],
    [dns, "name=a..b", "name", "name"],
    [dns, "name=a&server=x://1.2.3.4", "server", "x"],
  ])("%#: %s %s", async (probe, query, parameter, words) => {
    const problem = await problemOf(get(probe, query));
    expect(problem).toMatchObject({ status: 400, more: { parameter } });
    expect(problem.detail).toContain(words);
  });

  test("a bound is kept on both sides", async () => {
    await expect(askedOf(get(tcp, "target=a:1&timeoutMs=1"))).resolves.toBeDefined();
    await expect(askedOf(get(tcp, "target=a:1&timeoutMs=30000"))).resolves.toBeDefined();
  });
});

describe("GET and POST are the same operation", () => {
  test("the names of the query are the keys of the body", async () => {
    const query = await askedOf(get(tls, "target=a:1&timeoutMs=7&expect.certDays=30"));
    const body = await askedOf(
      post(tls, JSON.stringify({ target: "a:1", timeoutMs: 7, expect: { certDays: 30 } })),
    );
    expect(body.asked).toEqual(query.asked);
    expect(body.demands.facts.map((one) => one.demand.wanted)).toEqual(["at least 30"]);
  });

  test("a repeated name is an array", async () => {
    const query = await askedOf(get(dns, "name=a&server=127.0.0.1&server=127.0.0.2:54"));
    const body = await askedOf(
      post(dns, JSON.stringify({ name: "a", server: ["127.0.0.1", "127.0.0.2:54"] })),
    );
    expect(body.asked).toEqual(query.asked);
  });

  test.each([
    ["[1]", 400],
    ["{", 400],
    ['"x"', 400],
    [JSON.stringify({ target: { deep: 1 } }), 400],
    ['{"__proto__": {"polluted": 1}}', 400],
    [`{"target": "${"a".repeat(300_000)}"}`, 413],
  ])("a body that is none is refused (%#)", async (body, status) => {
    expect(await problemOf(post(tcp, body))).toMatchObject({ status });
    expect({}).not.toHaveProperty("polluted");
  });

  test("a body of another type is refused", async () => {
    expect(await problemOf(post(tcp, "target=a:1", "text/plain"))).toMatchObject({ status: 415 });
    const form = await problemOf(post(tcp, "{}", "application/x-www-form-urlencoded"));
    expect(form.detail).toContain("-H 'content-type: application/json'");
  });
});

test("what belongs to the host is ignored", async () => {
  const question = await askedOf(get(tcp, "target=a:1&code=secret&clientId=x"));
  expect(JSON.stringify(question.asked)).not.toContain("secret");
});

test("the echo welcomes any parameter", async () => {
  expect(await askedOf(get(echo, "anything=1&at=all"))).toMatchObject({ asked: {} });
});

test.each([
  ["*/*", "json"],
  ["text/plain", "text"],
  ["text/markdown, text/plain", "markdown"],
  ["text/html;q=0.9, text/plain", "text"],
  ["image/png", "json"],
])("Accept: %s gives %s", async (accept, surface) => {
  const decoded = await get(tcp, "target=a:1", [["accept", accept]]);
  expect(decoded).toMatchObject({ surface: { name: surface } });
});

test("no query makes the decoder throw", async () => {
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom("target", "name", "expect.certDays", "__proto__", "constructor"),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...probes),
      fc.array(fc.tuple(words, fc.string())),
      async (probe, pairs) => {
        const decoded = await get(probe, new URLSearchParams(pairs).toString());
        if ("problem" in decoded) expect(decoded.problem.status).toBe(400);
      },
    ),
    { numRuns: 500 },
  );
});

test("the nearest word is near, or there is none", () => {
  expect(nearest("traget", ["target", "timeoutMs"])).toBe("target");
  expect(nearest("body", ["alpn", "bodyContains"])).toBe("bodyContains");
  expect(nearest("certDay", ["certDaysLeft", "certDays"])).toBe("certDays");
  expect(nearest("co", ["count"])).toBeUndefined();
  expect(nearest("zzzzzz", ["target", "timeoutMs"])).toBeUndefined();
});

test.each([
  '"expect": []',
  '"expect": {}',
  '"expect": {"status": []}',
  '"expect": {"bodyContains": []}',
])("%s demands nothing, and is told", async (member) => {
  const problem = await problemOf(post(http, `{"target": "http://a/", ${member}}`));
  expect(problem.more?.["parameter"]).toMatch(/^expect/);
  expect(problem.detail).toMatch(/an empty expect demands nothing|: a value is needed$/);
});

test("a second question mark belongs to the name that follows it", async () => {
  expect((await problemOf(get(http, "?target=http://a/"))).detail).toContain(
    "?target is not known",
  );
});
