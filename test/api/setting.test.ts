import { expect, test } from "vitest";
import * as z from "zod";
import { answerCheck } from "../../lib/api/check.ts";
import { answerSmoke } from "../../lib/api/smoke.ts";
import type { Request } from "../../lib/api/http.ts";
import { check } from "../../lib/probes/check.ts";
import { localEdge } from "../asking.ts";
import { closedPort } from "../servers/ports.ts";
import { tcpServer } from "../servers/tcp.ts";

const local = { SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@private @public @loopback" };
const lines: string[] = [];

async function asked(query: string, env: Readonly<Record<string, string>> = {}) {
  const request: Request = {
    method: "GET",
    url: `http://localhost/api/check?${query}`,
    headers: [],
    text: async () => "",
  };
  const log = (line: string) => void lines.push(line);
  const { status, body } = await answerCheck(check, request, localEdge({ ...local, ...env }), log);
  return { status, body, json: z.looseObject({}).parse(JSON.parse(body)) };
}

const open = async () => (await tcpServer((socket) => socket.end())).port;

test("a setting stands for the place that it names, and its value is shown nowhere", async () => {
  const port = await open();
  const env = { SQLCONNSTR_Orders: `Server=127.0.0.1,${port};Password=hunter2hunter2` };
  for (const name of ["Orders", "orders", "SQLCONNSTR_Orders", "ConnectionStrings:Orders"]) {
    const { status, body, json } = await asked(`setting=${name}`, env);
    expect({ status, target: json["target"] }).toMatchObject({
      status: 200,
      target: { scheme: "sql", host: "127.0.0.1", port },
    });
    expect(body).not.toContain("hunter2");
  }
  expect(lines.join("\n")).not.toContain("hunter2");
});

test.each([
  ["setting=Order", 400, "did you mean Orders?"],
  ["setting=Nothing-like-it-at-all", 400, "suite=self"],
  ["setting=Word", 400, "holds no host and port"],
  ["setting=Orders&target=a:1", 400, "give one of them"],
] as const)("%s is %i: %s", async (query, status, why) => {
  const env = { Orders: "Server=db.example;Password=hunter2hunter2", Word: "hunter2hunter2" };
  const answer = await asked(query, env);
  expect(answer).toMatchObject({ status, json: { detail: expect.stringContaining(why) } });
  expect(answer.body).not.toContain("hunter2");
});

test("several places, several targets and a suite are a suite; measuring them is 200", async () => {
  const [good, bad] = [await open(), await closedPort()];
  const env = { Both: `mongodb://u:hunter2@127.0.0.1:${good},127.0.0.1:${bad}/x` };
  for (const query of [
    `setting=Both`,
    `target=tcp://127.0.0.1:${good}&target=tcp://127.0.0.1:${bad}`,
  ]) {
    const { status, json, body } = await asked(query, env);
    expect({ status, probe: json["probe"] }).toEqual({ status: 200, probe: "smoke" });
    expect(json["checks"]).toHaveLength(2);
    expect(body).not.toContain("hunter2");
  }
  const demanding = await asked(
    `target=tcp://127.0.0.1:${good}&target=tcp://127.0.0.1:${bad}&expect.reachable=true`,
  );
  expect(demanding.status).toBe(424);
  expect((await asked("suite=self", env)).json).toMatchObject({
    name: "self (Sonde's own settings)",
    probe: "smoke",
  });
});

test("a suite by its name may stand in the body, and the settings of another app beside it", async () => {
  const port = await open();
  const value = `Server=127.0.0.1,${port};Password=hunter2hunter2`;
  const body = { suite: "self", appsettings: [{ name: "Orders", value }] };
  const request: Request = {
    method: "POST",
    url: "http://localhost/api/check",
    headers: [["content-type", "application/json"]],
    text: async () => JSON.stringify(body),
  };
  const answered = await answerCheck(check, request, localEdge(local), () => {});
  expect(answered.status).not.toBe(400);
  expect(JSON.parse(answered.body)).toMatchObject({
    probe: "smoke",
    checks: [{ target: { scheme: "sql", host: "127.0.0.1", port } }],
  });
  expect(answered.body).not.toContain("hunter2");
});

test.each([
  [
    "a SQL Server",
    (port: number) => `Server=tcp:127.0.0.1,${port};Password=hunter2hunter2;Encrypt=true`,
  ],
  ["a URL with its password", (port: number) => `postgres://u:hunter2hunter2@127.0.0.1:${port}/db`],
  ["a cache", (port: number) => `127.0.0.1:${port},password=hunter2hunter2,ssl=False`],
])("a pasted connection string of %s is read for host and port", async (_, write) => {
  const port = await open();
  const found = await asked(`target=${encodeURIComponent(write(port))}`);
  expect(found).toMatchObject({ status: 200, json: { target: { host: "127.0.0.1", port } } });
  expect(found.body + lines.join("")).not.toContain("hunter2");
});

test.each([
  ["Server=tcp:127.0.0.1,PORT;User ID=u;Password=hunter2hunter2", ["password", "user id"]],
  ["postgres://u:hunter2hunter2@127.0.0.1:PORT/db?sslmode=require", ["password", "path", "query"]],
  ["127.0.0.1:PORT,password=hunter2hunter2,ssl=False", ["password", "ssl"]],
])("of %s it is said by name what was left out", async (text, leftOut) => {
  const port = await open();
  const { json, body } = await asked(
    `target=${encodeURIComponent(text.replace("PORT", `${port}`))}`,
  );
  expect(json["result"]).toMatchObject({
    pasted: {
      place: expect.stringContaining(`127.0.0.1:${port}`),
      leftOut: expect.arrayContaining(leftOut),
    },
  });
  expect(body).not.toContain("hunter2");
  const shown = await asked(`target=127.0.0.1:${port}`);
  expect(shown.json["result"]).not.toHaveProperty("pasted");
});

test("in a suite of lines the same is read, and the line itself shown nowhere", async () => {
  const port = await open();
  const text = `Server=127.0.0.1,${port};Password=hunter2hunter2\n127.0.0.1:${port}\n`;
  const request: Request = {
    method: "POST",
    url: "http://localhost/api/smoke",
    headers: [["content-type", "text/plain"]],
    text: async () => text,
  };
  const log = (line: string) => void lines.push(line);
  const { body } = await answerSmoke(request, localEdge(local), log);
  const { checks } = z.looseObject({ checks: z.array(z.unknown()) }).parse(JSON.parse(body));
  expect(checks).toMatchObject([
    { target: { scheme: "sql", port }, result: { pasted: { leftOut: ["password"] } } },
    { target: { input: `127.0.0.1:${port}` } },
  ]);
  expect(body + lines.join("")).not.toContain("hunter2");
});

test("of several places the suite says what was left out of the text that they came from", async () => {
  const text = `mongodb://u:hunter2hunter2@127.0.0.1:${await open()},127.0.0.1:${await open()}/x`;
  const { json, body } = await asked(`target=${encodeURIComponent(text)}`);
  expect(json["notProved"]).toContainEqual(
    expect.stringContaining("user name, password, path of the connection string were left out"),
  );
  expect(body + lines.join("")).not.toContain("hunter2");
});

test("what only looks like one is refused as a target, and not repeated", async () => {
  const found = await asked(`target=${encodeURIComponent("mode=hunter2hunter2")}`);
  expect(found.status).toBe(400);
  expect(found.body).not.toContain("hunter2");
});

test("a reference that was not resolved is told beside the way to its store", async () => {
  const vault = "@Microsoft.KeyVault(SecretUri=https://127.0.0.1:1/secrets/a)";
  const codes = async (value: string) => {
    const { json } = await asked("setting=Secret", { Secret: value });
    return z.array(z.looseObject({ code: z.string() })).parse(json["findings"]);
  };
  expect((await codes(vault)).map(({ code }) => code)).toEqual([
    "tcp.refused",
    "setting.reference_unresolved",
  ]);
  const { json } = await asked("setting=Main", { SQLCONNSTR_Main: vault });
  expect(json["result"]).toMatchObject({
    setting: { name: "Main", kind: "connection string", reference: "Key Vault" },
  });
  // Asked with all the others it is told as well.
  const all = await asked("suite=self", { Secret: vault, Other: "https://127.0.0.1:1/" });
  const found = { findings: [{ code: "tcp.refused" }, { code: "setting.reference_unresolved" }] };
  expect(all.json).toMatchObject({ checks: [{ name: "Other, Secret", ...found }] });
  expect((await codes("https://127.0.0.1:1/")).map(({ code }) => code)).toEqual(["tcp.refused"]);
});
