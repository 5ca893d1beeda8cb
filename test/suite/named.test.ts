import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Request } from "../../lib/api/http.ts";
import { answerSmoke } from "../../lib/api/smoke.ts";
import { answerSuites } from "../../lib/api/suites.ts";
import type { SuiteFile } from "../../lib/suite/named.ts";
import { localEdge } from "../asking.ts";
import { tcpServer } from "../servers/tcp.ts";

const local = { SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@private @public @loopback" };
const secret = "hunter2hunter2";

interface Sent {
  readonly query?: string;
  readonly body?: unknown;
  /** What the body says it is; a text is sent as it stands. */
  readonly type?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: readonly SuiteFile[];
}

const lines: string[] = [];

async function at(
  path: "smoke" | "suites",
  { query = "", body, type = "application/json", env = {}, files = [] }: Sent,
): Promise<{ status: number; text: string; json: z.infer<typeof answered> }> {
  const request: Request = {
    method: body === undefined ? "GET" : "POST",
    url: `http://localhost/api/${path}${query}`,
    headers: body === undefined ? [] : [["content-type", type]],
    text: async () => (typeof body === "string" ? body : JSON.stringify(body ?? "")),
  };
  const edge = localEdge({ ...local, ...env }, "", {}, files);
  const answer = path === "smoke" ? answerSmoke : answerSuites;
  const { status, body: text } = await answer(request, edge, (line) => lines.push(line));
  return { status, text, json: answered.parse(JSON.parse(text)) };
}

const entry = z.looseObject({ name: z.string().optional() });
const answered = z.looseObject({
  detail: z.string().optional(),
  suites: z.array(entry).optional(),
  checks: z.array(z.unknown()).optional(),
});

const file = (text: string, name = "orders"): SuiteFile => ({
  name,
  path: `suites/${name}.yaml`,
  text,
});

describe("the list of suites", () => {
  test("names the built-in ones with their sources, and says which have nothing to ask here", async () => {
    const { json } = await at("suites", {});
    const names = json.suites?.map(({ name }) => name);
    expect(names).toEqual([
      "self",
      "functions-host",
      "private-endpoints",
      "hybrid-connections",
      "identity",
      "container-apps",
      "ase-v3",
      "ase-v2",
    ]);
    for (const one of json.suites ?? []) {
      expect(one).toMatchObject({ docs: expect.stringMatching(/^https:/) });
      expect(Number(one["checks"]) > 0 || typeof one["nothing"] === "string").toBe(true);
    }
  });

  test("shows those of the deployment, and what is wrong with a file, with its line and column", async () => {
    const files = [
      file("version: 1\nname: Orders\nsummary: what orders need\nchecks: [db.example:1433]"),
      file("version: 1\nchecks:\n  - target: a:1\n    expcet: {}", "broken"),
      file("version: 1\nchecks: [a:1", "torn"),
      file("version: 1\nchecks: [{probe: dns, input: {nam: a}}]", "astray"),
      file("version: 1\nchecks: [a:1]", "self"),
    ];
    const { json } = await at("suites", { files });
    const deployed = json.suites?.filter((one) => one["source"] === "deployed");
    expect(deployed).toMatchObject([
      { name: "orders", title: "Orders", summary: "what orders need", checks: 1 },
      { name: "broken", problem: expect.stringMatching(/line 4, column 5: suites\/broken\.yaml/) },
      { name: "torn", problem: expect.stringMatching(/line 2, column 13.*torn.*cannot be read/) },
      { name: "astray", problem: expect.stringMatching(/suites\/astray\.yaml.*did you mean name/) },
      { name: "self", problem: expect.stringContaining("Sonde brings a suite of this name") },
    ]);
  });
});

describe("a suite that is posted", () => {
  const yaml = "application/yaml";

  test("comes back as JSON, and nothing of it is asked", async () => {
    const canary = await tcpServer((socket) => socket.end());
    const body = `version: 1\ndefaults: { retries: 1 }\nchecks:\n  - tcp://127.0.0.1:${canary.port}`;
    const { status, json } = await at("suites", { body, type: yaml });
    expect(status).toBe(200);
    const checks = [`tcp://127.0.0.1:${canary.port}`];
    expect(json).toEqual({ version: 1, defaults: { retries: 1 }, checks });
    expect(canary.accepted()).toBe(0);
    const plain = await at("suites", { body: checks.join("\n"), type: "text/plain" });
    expect(plain.json).toEqual({ version: 1, checks });
  });

  test.each([
    ["version: 1\nchecks:\n  - target: a:1\n    expcet: {}", 4, 5, "did you mean expect?"],
    ["- a:1\n- { probe: dns, input: { nam: a } }", 2, 26, "did you mean name?"],
    ["- [", 1, 4, "cannot be read"],
    // Whatever a setting holds, the rest of its check must fit.
    ["- setting: A\n  expect: { bogus: 1 }", 2, 13, "expect.bogus is not known"],
    ["- { setting: A, target: b:1 }", 1, 5, "a setting stands in place of a target"],
    ["- { setting: A, probe: tcp }", 1, 5, "the parameter setting is not known"],
  ])("is refused with line and column: %j", async (body, line, column, why) => {
    const { status, json } = await at("suites", { body, type: yaml });
    expect(status).toBe(400);
    expect(json).toMatchObject({ line, column, detail: expect.stringContaining(why) });
  });
});

test("a suite is understood without the settings that it names, and asked with them only", async () => {
  const text = "version: 1\nchecks:\n  - setting: Orders\n    expect: { reachable: true }";
  const files = [file(text)];
  expect((await at("suites", { body: text, type: "application/yaml" })).status).toBe(200);
  const { json } = await at("suites", { files });
  expect(json.suites?.find(({ name }) => name === "orders")).toMatchObject({ checks: 1 });
  const query = "?suite=orders";
  const asked = await at("smoke", { query, files });
  expect(asked.status).toBe(400);
  expect(asked.json.detail).toContain("checks[0].setting: there is no such setting here");
  const { port } = await tcpServer((socket) => socket.end());
  const env = { Orders: `tcp://127.0.0.1:${port}` };
  expect((await at("smoke", { query, files, env })).status).toBe(200);
});

describe("a suite by its name", () => {
  test("is a document that can be asked check by check, and not run", async () => {
    const { port } = await tcpServer((socket) => socket.end());
    const text = `version: 1\nname: Orders\nnotProved: [the rest]\nchecks: ["tcp://127.0.0.1:${port}"]`;
    const { json } = await at("suites", { query: "?suite=orders", files: [file(text)] });
    expect(json).toMatchObject({ version: 1, name: "Orders", checks: expect.any(Array) });
    const asked = await at("smoke", { body: json });
    expect(asked).toMatchObject({ status: 200, json: { verdict: "pass" } });
  });

  test("runs, and says what its checks do not show", async () => {
    const { port } = await tcpServer((socket) => socket.end());
    const text = `version: 1\nname: Orders\nnotProved: [the rest]\nchecks: ["tcp://127.0.0.1:${port}"]`;
    const sent = { query: "?suite=orders", files: [file(text)] };
    expect(await at("smoke", sent)).toMatchObject({
      status: 200,
      json: { name: "Orders", notProved: ["the rest"] },
    });
    const posted = await at("smoke", { ...sent, query: "", body: { suite: "orders" } });
    expect(posted).toMatchObject({ status: 200, json: { name: "Orders" } });
  });

  test.each([
    ["smoke", "?suite=slef", 400, "did you mean self?"],
    ["suites", "?suite=nothing-like-it", 400, "known are self, functions-host"],
    ["suites", "?siute=self", 400, "did you mean suite?"],
    ["smoke", "?suite=hybrid-connections", 400, "WEBSITE_RELAYS lists no Hybrid Connection"],
    ["smoke", "?suite=self&target=a:1", 400, "says its own targets"],
    ["smoke", "?suite=broken", 503, "line 2"],
  ] as const)("%s%s is %i: %s", async (path, query, status, why) => {
    const env = { Db: "Server=db.example;Password=x" };
    const files = [file("version: 1\nchecks: 3", "broken")];
    const answer = await at(path, { query, env, files });
    expect(answer).toMatchObject({ status, json: { detail: expect.stringContaining(why) } });
  });
});

describe("the suite self", () => {
  test("has a check for every place in the settings, under their names, and no secret", async () => {
    const env = {
      SQLCONNSTR_Orders: `Server=tcp:127.0.0.9,1433;Password=${secret}`,
      APPSETTING_Cache: `127.0.0.9:6380,password=${secret},ssl=True`,
      Cache: `127.0.0.9:6380,password=${secret},ssl=True`,
      Mirror: `Server=127.0.0.9;Pwd=${secret};Encrypt=true`,
      WEBSITE_HOSTNAME: "app.azurewebsites.net",
    };
    const { json, text } = await at("suites", { query: "?suite=self", env });
    expect(json.checks).toEqual([
      { name: "Cache", target: "rediss://127.0.0.9:6380", tags: ["Cache"] },
      { name: "Mirror, Orders", target: "sql://127.0.0.9:1433", tags: ["Mirror", "Orders"] },
    ]);
    expect(text).not.toContain("hunter2");
  });

  test.each(["token", "token=1", "token=true"])("identity&%s asks for a token", async (token) => {
    const env = { IDENTITY_ENDPOINT: "http://127.0.0.9:1/msi/token" };
    const query = `?suite=identity&${token}`;
    const { json: document } = await at("suites", { query, env });
    const { json: report } = await at("smoke", { query, env });
    const name = "a token for Resource Manager";
    expect([document.checks, report.checks]).toMatchObject([[{ name }], [{ name }]]);
  });

  test("takes the posted settings of the app that is diagnosed instead, and drops their values", async () => {
    const { port } = await tcpServer((socket) => socket.end());
    const value = `amqp://user:${secret}@127.0.0.1:${port}/v?key=${secret}`;
    const appsettings = [{ name: "Bus", value, slotSetting: false }];
    const env = { Own: "Server=127.0.0.9" };
    const before = lines.length;
    for (const sent of [
      { query: "?suite=self", body: appsettings },
      { query: "?suite=self", body: { appsettings } },
      { body: { suite: "self", appsettings } },
    ]) {
      const listed = await at("suites", { ...sent, env });
      expect(listed.json.checks).toMatchObject([{ target: `amqp://127.0.0.1:${port}` }]);
      const asked = await at("smoke", { ...sent, env });
      expect(asked.json.checks).toMatchObject([{ name: "Bus", probe: "check" }]);
      expect(asked.json["name"]).toBe("self (pasted settings)");
      expect(listed.text + asked.text).not.toContain("hunter2");
    }
    expect(lines.slice(before).join("")).not.toContain("hunter2");
  });

  test("says whose settings they are, unless Sonde is the app itself", async () => {
    const site = { Own: "Server=127.0.0.9", WEBSITE_SITE_NAME: "orders", WEBSITE_INSTANCE_ID: "a" };
    const named = async (env: Readonly<Record<string, string>>) =>
      (await at("suites", { query: "?suite=self", env })).json["name"];
    expect(await named(site)).toBe("self (Sonde's own settings)");
    expect(await named({ ...site, SONDE_BESIDE: "app=billing" })).toBe(
      "self (Sonde's own settings)",
    );
    expect(await named({ ...site, SONDE_BESIDE: "app=orders" })).toBe("self");
  });

  test("says in one sentence what a body must be, and repeats none of it", async () => {
    for (const body of [secret, { appsettings: secret }]) {
      const answer = await at("suites", { query: "?suite=self", body });
      expect(answer).toMatchObject({
        status: 400,
        json: { detail: expect.stringMatching(/^the body must be/) },
      });
      expect(answer.text).not.toContain("hunter2");
    }
  });
});
