import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, layOut } from "./fixture.ts";
import { spawnHost, type SpawnedHost } from "./spawn.ts";

let app: Fixture;
let host: SpawnedHost;
let key: string;
let master: string;

beforeAll(async () => {
  app = await layOut();
  host = await spawnHost({ root: app.root, args: ["--keys"] });
  ({ host: key, master } = host.keys());
});

afterAll(async () => {
  await host.stop();
  await app[Symbol.asyncDispose]();
});

async function ask(path: string, headers: Record<string, string> = {}): Promise<number> {
  return (await fetch(`${host.url}/api/${path}`, { headers })).status;
}

test("an anonymous function needs no key, and a wrong one does no harm", async () => {
  expect(await ask("open")).toBe(200);
  expect(await ask("open", { "x-functions-key": "wrong" })).toBe(200);
});

test("without a key the answer is 401 with an empty body", async () => {
  const answer = await fetch(`${host.url}/api/keyed`);
  expect([answer.status, await answer.text()]).toEqual([401, ""]);
});

test("the function key opens level function, in the header or as code, but not level admin", async () => {
  expect(await ask("keyed", { "x-functions-key": key })).toBe(200);
  expect(await ask(`keyed?code=${key}`)).toBe(200);
  expect(await ask("mastered", { "x-functions-key": key })).toBe(401);
});

test("the header wins over code", async () => {
  expect(await ask(`keyed?code=${key}`, { "x-functions-key": "wrong" })).toBe(401);
});

test("the master key opens everything", async () => {
  expect(await ask("keyed", { "x-functions-key": master })).toBe(200);
  expect(await ask(`mastered?CODE=${master}`)).toBe(200);
});

test("the printed curl lines carry the key", () => {
  expect(host.printed()).toContain(`curl -H 'x-functions-key: ${key}' '${host.url}/api/echo`);
});

test("without --keys every function is open, as in Core Tools", async () => {
  const loose = await spawnHost({ root: app.root });
  try {
    expect((await fetch(`${loose.url}/api/mastered`)).status).toBe(200);
  } finally {
    await loose.stop();
  }
});
