import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, layOut } from "./fixture.ts";
import { raw } from "./raw.ts";
import { spawnHost, type SpawnedHost } from "./spawn.ts";

let app: Fixture;
let host: SpawnedHost;

beforeAll(async () => {
  app = await layOut({
    host: {
      version: "2.0",
      extensions: {
        http: { routePrefix: "", customHeaders: { "X-Own": "custom", "X-Extra": "added" } },
      },
    },
  });
  host = await spawnHost({ root: app.root });
});

afterAll(async () => {
  await host.stop();
  await app[Symbol.asyncDispose]();
});

test("a handler that returns nothing is 204 without a body", async () => {
  const answer = await raw(host.url, ["GET /nothing HTTP/1.1"]);
  expect([answer.status, answer.body]).toEqual([204, ""]);
  expect(answer.head).not.toMatch(/content-length/i);
});

test("a handler that throws is 500 with an empty body, and the reason is printed", async () => {
  const answer = await fetch(`${host.url}/throws`);
  expect([answer.status, await answer.text()]).toEqual([500, ""]);
  await expect.poll(() => host.printed()).toContain("as planned");
});

test("status, headers and body go out whole, with their true length", async () => {
  const answer = await fetch(`${host.url}/baked`);
  expect(answer.status).toBe(201);
  expect(answer.headers.get("content-type")).toBe("text/x-baked");
  expect(answer.headers.get("content-length")).toBe("6");
  expect(await answer.text()).toBe("baked\n");
});

test("the body of HEAD stays home, its length does not", async () => {
  const answer = await raw(host.url, ["HEAD /see HTTP/1.1"]);
  expect([answer.status, answer.body]).toEqual([200, ""]);
  expect(answer.head).toMatch(/content-length: [1-9]/i);
});

test("cookies are written as ASP.NET Core writes them", async () => {
  const answer = await fetch(`${host.url}/baked`);
  expect(answer.headers.getSetCookie()).toEqual([
    "plain=a%20b%3Bc; path=/",
    "full=1; expires=Wed, 02 Jan 2030 03:04:05 GMT; max-age=60; domain=example.test; path=/deep; " +
      "secure; samesite=none; httponly",
  ]);
});

test("custom headers of host.json are added, and never replace the function's own", async () => {
  const baked = await fetch(`${host.url}/baked`);
  expect([baked.headers.get("x-own"), baked.headers.get("x-extra")]).toEqual(["mine", "added"]);
  const missing = await fetch(`${host.url}/missing`);
  expect([missing.status, missing.headers.get("x-own")]).toEqual([404, "custom"]);
});

test("hooks before swap the input, hooks after change the result", async () => {
  const answer = await fetch(`${host.url}/hooked`);
  expect(await answer.json()).toEqual({ input: "swapped" });
  expect(answer.headers.get("x-hook")).toBe("after");
});
