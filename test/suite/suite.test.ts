import { Ajv2020 } from "ajv/dist/2020.js";
import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import type { Answer, Request } from "../../lib/api/http.ts";
import { answerSmoke } from "../../lib/api/smoke.ts";
import { report as reportSchema } from "../../lib/report.ts";
import { suiteSchema } from "../../lib/suite/document.ts";
import { localEdge } from "../asking.ts";
import { closedPort, portOf } from "../servers/ports.ts";
import { tcpServer } from "../servers/tcp.ts";

const open = async () => `127.0.0.1:${(await tcpServer((socket) => socket.end())).port}`;
const closed = async () => `127.0.0.1:${await closedPort()}`;

interface Sent {
  readonly query?: string;
  readonly body?: string;
  readonly type?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const lines: string[] = [];

async function smoke({ query = "", body, type = "application/yaml", env }: Sent): Promise<Answer> {
  const request: Request = {
    method: body === undefined ? "GET" : "POST",
    url: `http://localhost/api/smoke${query}`,
    headers: body === undefined ? [] : [["content-type", type]],
    text: async () => body ?? "",
  };
  return answerSmoke(request, localEdge(env), (line) => lines.push(line));
}

const reported = ({ body }: Answer) => reportSchema.parse(JSON.parse(body));
const problem = ({ body }: Answer) => z.looseObject({}).parse(JSON.parse(body));

describe("a suite", () => {
  test("in YAML gives one report with a report for each check, in order", async () => {
    const [good, bad] = [await open(), await closed()];
    const body = `
version: 1
name: orders
checks:
  - tcp://${good}
  - name: nothing listens here
    target: tcp://${bad}
    expect: { reachable: false }
  - { probe: tcp, target: "${good}", input: { count: 3, intervalMs: 0 }, tags: [slow] }
`;
    const answer = await smoke({ body });
    expect(answer.status).toBe(200);
    const report = reported(answer);
    expect(report).toMatchObject({ ok: true, probe: "smoke", name: "orders" });
    expect(report.summary).toBe("PASS orders: 3 of 3 checks hold");
    expect(report.checks).toMatchObject([
      { probe: "check", verdict: "pass" },
      {
        name: "nothing listens here",
        summary: expect.stringMatching(
          /^PASS tcp:\/\/\S+ stays closed: the connection was refused$/,
        ),
        expected: [{ key: "reachable", ok: true }],
      },
      { probe: "tcp", tags: ["slow"] },
    ]);
    expect(answer.headers["sonde-verdict"]).toBe("pass");
  });

  test("in JSON, as lines of text and as a query asks the same", async () => {
    const [good, bad] = [`tcp://${await open()}`, `tcp://${await closed()}`];
    const checks = [good, bad];
    const answers = [
      await smoke({ body: JSON.stringify({ version: 1, checks }), type: "application/json" }),
      await smoke({
        body: `# ours\n${good} # a#b\n\n  #c\n${bad}\t#d\n`,
        type: "text/plain; charset=utf-8",
      }),
      await smoke({ query: `?target=${good}&target=${bad}&code=hidden` }),
      await smoke({ body: JSON.stringify({ target: checks }), type: "application/json" }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(424);
      const report = reported(answer);
      expect(report.checks?.map((one) => one.verdict)).toEqual(["pass", "fail"]);
      expect(report.summary).toContain("FAIL 1 of 2 checks failed, first 2: tcp.refused");
    }
  });

  test("takes expectations of a query for each of its targets", async () => {
    const query = `?target=tcp://${await closed()}&expect.reachable=false`;
    expect(await smoke({ query })).toMatchObject({ status: 200 });
    expect((await smoke({ query: `${query}&target=tcp://${await open()}` })).status).toBe(424);
  });

  test.each(["424", "500", "502", "503", "504"])("fails with %s when told so", async (fail) => {
    const query = `?target=tcp://${await closed()}&fail=${fail}`;
    expect((await smoke({ query })).status).toBe(Number(fail));
  });

  test.each([503, "503"])("fails with %j of a body", async (fail) => {
    const body = JSON.stringify({ target: [`tcp://${await closed()}`], fail });
    expect((await smoke({ body, type: "application/json" })).status).toBe(503);
  });

  test("says of a check with a name what it is about, and why it failed", async () => {
    const body = `[{ name: the door, target: "tcp://${await closed()}" }]`;
    const { summary } = reported(await smoke({ body }));
    expect(summary).toMatch(/^FAIL 1 of 1 checks failed, first 1: the door: tcp\.refused tcp:/);
  });

  test("fails with 200 when fail is 0, and with nothing else", async () => {
    const query = `?target=tcp://${await closed()}&fail=`;
    const answer = await smoke({ query: `${query}0` });
    expect({ status: answer.status, ok: reported(answer).ok }).toEqual({ status: 200, ok: false });
    expect((await smoke({ query: `${query}418` })).status).toBe(400);
  });

  test("only tells of a check whose level is warn", async () => {
    const body = `{version: 1, checks: [{target: "tcp://${await closed()}", level: warn}]}`;
    const answer = await smoke({ body });
    expect(answer.status).toBe(200);
    expect(reported(answer)).toMatchObject({
      verdict: "warn",
      summary: "WARN 0 of 1 checks hold, 1 failed at level warn",
      checks: [{ verdict: "warn", level: "warn", summary: expect.stringMatching(/^WARN tcp\./) }],
    });
  });

  test("measures all others when one is refused by the policy", async () => {
    const query = `?target=169.254.169.254:80&target=tcp://${await open()}`;
    const answer = await smoke({ query });
    expect(answer.status).toBe(424);
    expect(reported(answer).checks).toMatchObject([{ verdict: "error" }, { verdict: "pass" }]);
  });

  test("leaves a line of audit for it and for each check, without secrets", async () => {
    const before = lines.length;
    const target = `http://${await open()}/secret?key=hunter2`;
    await smoke({ query: `?target=${encodeURIComponent(target)}&code=hunter2` });
    const [check, suite, ...more] = lines.slice(before);
    expect(check).toMatch(/"event":"check",.*"scheme":"http","host":"127\.0\.0\.1"/);
    expect(suite).toContain('"probe":"smoke"');
    expect(more).toEqual([]);
    expect(`${check}${suite}`).not.toMatch(/hunter2|secret/);
  });
});

describe("several values of an expectation", () => {
  async function json(): Promise<string> {
    const server = createServer((_, response) => {
      response.setHeader("x-one", "1").setHeader("content-type", "application/json");
      response.end('{"status":"ok, mostly","version":2}');
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    return `http://127.0.0.1:${portOf(server)}`;
  }

  const wanted = async (expected: string) => {
    const answer = await smoke({ body: `[{ target: "${await json()}", expect: ${expected} }]` });
    const rows = reported(answer).checks?.flatMap((one) => one.expected) ?? [];
    return rows.map(({ key, wanted: text, ok }) => `${ok ? "" : "not "}${key} ${text}`);
  };

  test("are accepted values: one is enough", async () => {
    expect(await wanted("{ status: [404, 2xx] }")).toEqual(["status 404,2xx"]);
    const target = await json();
    for (const query of ["expect.status=404&expect.status=200", "expect.status=404,200"]) {
      expect((await smoke({ query: `?target=${target}&${query}` })).status).toBe(200);
    }
  });

  test("are demands of their own where a comma is part of the text", async () => {
    expect(await wanted('{ bodyContains: ["ok, mostly", "nowhere"] }')).toEqual([
      "bodyContains ok, mostly",
      "not bodyContains nowhere",
    ]);
    expect(await wanted('{ jsonPath: ["$.version=2", "$.status=ok, mostly"] }')).toEqual([
      "jsonPath $.version=2",
      "jsonPath $.status=ok, mostly",
    ]);
    expect(await wanted('{ responseHeader: ["x-one:1", "x-two"] }')).toEqual([
      "responseHeader x-one:1",
      "not responseHeader x-two",
    ]);
  });

  test("are no limits", async () => {
    const query = `?target=${await json()}&expect.totalMs=1&expect.totalMs=2`;
    expect((await smoke({ query })).status).toBe(400);
  });
});

describe("asking again", () => {
  /** Answers 503 so many times, then 200. */
  async function flaky(bad: number): Promise<{ url: string; asked: () => number }> {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.statusCode = asked <= bad ? 503 : 200;
      response.end();
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    return { url: `http://127.0.0.1:${portOf(server)}`, asked: () => asked };
  }

  test("as often as retries say, and marks what held later as flaky", async () => {
    const { url } = await flaky(2);
    const answer = await smoke({
      query: `?target=${url}&expect.status=200&retries=2&intervalMs=1`,
    });
    expect(answer.status).toBe(200);
    expect(reported(answer).checks).toMatchObject([{ tries: 3, flaky: true, verdict: "pass" }]);
    expect(reported(answer).summary).toContain("1 of them only after another try");
  });

  test("no more often than that", async () => {
    const { url, asked } = await flaky(9);
    const answer = await smoke({
      query: `?target=${url}&expect.status=200&retries=1&intervalMs=1`,
    });
    expect(answer.status).toBe(424);
    expect(reported(answer).checks).toMatchObject([{ tries: 2, flaky: false }]);
    expect(asked()).toBe(2);
  });

  test("until all hold, with wait, and only what did not hold", async () => {
    const [late, good] = [await flaky(3), await flaky(0)];
    const query = `?target=${late.url}&target=${good.url}&expect.status=200&wait=60s&intervalMs=5`;
    const answer = await smoke({ query });
    expect(answer.status).toBe(200);
    expect(reported(answer).checks).toMatchObject([{ tries: 4, flaky: true }, { ok: true }]);
    expect(good.asked()).toBe(1);
  });

  test("until the wait is over", async () => {
    const query = `?target=tcp://${await closed()}&wait=1&intervalMs=100`;
    const answer = await smoke({ query });
    expect(answer.status).toBe(424);
    expect(reported(answer).checks?.[0]?.tries).toBeGreaterThan(1);
  });

  test("never after the policy has refused", async () => {
    const answer = await smoke({ query: "?target=169.254.169.254:80&retries=5&intervalMs=60000" });
    expect(reported(answer).checks?.[0]).not.toHaveProperty("tries");
  });
});

test("a list alone is a suite", async () => {
  const place = await open();
  for (const body of [`- ${place}`, `["${place}"]`]) {
    const answer = await smoke({ body });
    expect(answer.status).toBe(200);
    expect(reported(answer).checks).toHaveLength(1);
  }
});

describe("what is wrong is told with its line and column", () => {
  test.each([
    ["checks: [a:1]", 1, 1, "version must be 1"],
    ["version: 1", 1, 1, "checks"],
    ["version: 1\nchecks: []", 2, 1, "a suite needs a check"],
    ["version: 1\nchecks:\n  - target: a:1\n    expcet: {}", 4, 5, "did you mean expect?"],
    ["version: 1\nchecks:\n  - target: a:1\n    retries: x", 4, 5, "a number is needed"],
    ["version: 1\nchecks:\n  - target: a:1\n    level: wran", 4, 5, "did you mean warn?"],
    ["version: 1\nchecks:\n  - tcp: a:1", 3, 5, "tcp is not known"],
    ["- a:1\n- target: a:1\n  retrys: 1", 3, 3, "checks[1].retrys: retrys is not known"],
    ["- a:1\n- tcp://a", 2, 3, "a port is needed"],
    ["just words", 1, 1, "an object is needed"],
    ["version: 1\nchecks:\n  - target: a:1\n    expect: {}", 4, 5, "demands nothing"],
    ["version: 1\nchecks:\n  - target: a:1\n    expect:", 4, 5, "expect"],
    [
      "version: 1\nchecks:\n  - target: a:1\n    expect: { status: [] }",
      4,
      15,
      "a value is needed in the list",
    ],
    ["version: 1\nchecks:\n  - target: a:1\n    expect: { status: }", 4, 15, "or a list of those"],
    ["version: 1\nchecks:\n  - target: a:1\n    expect: { stauts: 2 }", 4, 15, "expect.status"],
    [
      "version: 1\nchecks:\n  - target: a:1\n    expect: { certDays: x }",
      4,
      15,
      ".certDays: a number is needed",
    ],
    ["version: 1\nchecks:\n  - https://a\n  - tcp://localhost", 4, 5, "a port is needed"],
    [`version: 1\nchecks:\n${"- a:1\n".repeat(201)}`, 2, 1, "has at most 200 checks"],
    ["version: 1\nchecks:\n  - { target: foo://a }", 3, 7, "].target: the scheme foo"],
    ["version: 1\nchecks:\n  - name: nothing", 3, 5, "needs a target"],
    ["version: 1\nchecks:\n  - { probe: tpc, target: a:1 }", 3, 7, "probe"],
    ["version: 1\nchecks:\n  - { probe: echo, target: a:1 }", 3, 7, "probe"],
    ["version: 1\nchecks:\n  - probe: dns\n    input: { nam: a }", 4, 14, "did you mean name?"],
    ["version: 1\nchecks:\n  - probe: dns\n    input: { format: text }", 4, 14, "format"],
    ["- probe: dns\n  input: { type: A }\n  name: a", 2, 3, "checks[0].input.name: name is needed"],
    ["- dns: {}\n  name: a", 1, 3, "checks[0].dns.name: name is needed"],
    [
      "- probe: dns\n  target: a",
      2,
      3,
      "dns takes no target: what it asks stands in input, as name",
    ],
    ["- { probe: tcp, target: a:1, input: { target: b:1 } }", 1, 39, "say it once"],
    ["- target: a:1\n  name: ''", 2, 3, "names nothing"],
    ["version: 1\nname: ''\nchecks: [a:1]", 2, 1, "names nothing"],
    ["- target: http://a\n  expect: { status: [2xx, x] }", 2, 13, "use a status"],
    ["version: 1\nversion: 1\nchecks: [a:1]", 2, 1, "unique"],
    ["checks: [a:1]\n---\nchecks: [a:1]", 2, 1, "it holds more than one document"],
    ["version: 1\nchecks: [a:1", 2, 13, "cannot be read"],
    ["version: 1\ndefaults: { retry: 1 }\nchecks: [a:1]", 2, 13, "retry"],
  ])("%j", async (body, line, column, why) => {
    const answer = await smoke({ body });
    expect(answer.status).toBe(400);
    expect(problem(answer)).toMatchObject({ line, column, detail: expect.stringContaining(why) });
  });

  test.each([
    ["", "a suite is needed"],
    ["?traget=a:1", "did you mean target?"],
    ["?target=localhost&expect.rechable=true", "expect.reachable"],
    ["?target=tcp://localhost", "a port is needed"],
    ["?target=a:1&wait=5h", "30s, 2m or seconds"],
    ["?target=a:1&wait=5m", "at most 190s"],
    ["?target=a:1&format=txt", "format must be one of"],
    ["?target=a:1&expectVersion=", "a version is needed"],
    ["?target=a:1&expectVersion=,", "a version is needed"],
    ["?target=a:1&seen=b", "give both"],
    ["?target=a:1&expectVersion=1&seen=b", "give both"],
  ])("the query %j: %s", async (query, why) => {
    const answer = await smoke({ query });
    expect({ status: answer.status, ...problem(answer) }).toMatchObject({
      status: 400,
      detail: expect.stringContaining(why),
    });
  });

  test("an empty expect in a body of targets", async () => {
    const body = JSON.stringify({ target: ["a:1"], expect: {} });
    const answer = await smoke({ body, type: "application/json" });
    expect(problem(answer)).toMatchObject({ parameter: "expect", status: 400 });
    expect(answer.body).toContain("an empty expect demands nothing");
  });

  test("a body with targets of a query", async () => {
    const sent = { query: "?target=a:1", body: "version: 1\nchecks: [b:1]" };
    expect((await smoke(sent)).status).toBe(400);
  });

  test("a type that is no suite", async () => {
    const type = "application/x-www-form-urlencoded";
    expect((await smoke({ body: "version: 1", type })).status).toBe(415);
  });

  test("one that would cost the parser its stack, or the machine its memory", async () => {
    for (const body of [
      "[".repeat(100_000),
      "- ".repeat(100_000),
      "{a: ".repeat(50_000),
      "? ".repeat(100_000),
      `a: &a [1,1]\n${Array.from({ length: 300 }, (_, i) => `b${i}: [*a, *a]`).join("\n")}`,
    ]) {
      expect((await smoke({ body })).status).toBe(400);
    }
    expect((await smoke({ body: "x".repeat(300_000) })).status).toBe(413);
  });
});

describe("how much of it", () => {
  test("200 checks are one suite, 201 are none", async () => {
    const target = `tcp://${await open()}`;
    const body = (count: number) => Array.from({ length: count }, () => target).join("\n");
    const answer = await smoke({ body: body(200), type: "text/plain" });
    expect(answer.status).toBe(200);
    expect(reported(answer).checks).toHaveLength(200);
    expect((await smoke({ body: body(201), type: "text/plain" })).status).toBe(400);
  });
});

test("the schema for editors takes what is taken, and nothing else", () => {
  const check = new Ajv2020({ strict: false }).compile(suiteSchema());
  const suite = (...checks: unknown[]) => check({ version: 1, checks });
  expect(suite("a:1", { target: "b:1", expect: { status: [200, 204], reachable: true } })).toBe(
    true,
  );
  expect(suite({ target: "b:1", expect: {} })).toBe(false);
  expect(suite({ target: "b:1", expect: { stauts: 200 } })).toBe(false);
  expect(suite({ target: "b:1", colour: "red" })).toBe(false);
  expect(suite()).toBe(false);
});
