import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, layOut } from "./fixture.ts";
import { see } from "./seen.ts";
import { spawnHost, type SpawnedHost } from "./spawn.ts";

let app: Fixture;
let host: SpawnedHost;

beforeAll(async () => {
  app = await layOut();
  host = await spawnHost({ root: app.root });
});

afterAll(async () => {
  await host.stop();
  await app[Symbol.asyncDispose]();
});

async function status(path: string, method = "GET"): Promise<number> {
  return (await fetch(host.url + path, { method })).status;
}

test("without host.json saying otherwise, the prefix is api", async () => {
  expect(await status("/api/see")).toBe(200);
  expect(await status("/see")).toBe(404);
});

test("a wrong method is 404, not 405", async () => {
  expect(await status("/api/pair", "PUT")).toBe(404);
  expect(await status("/api/named", "DELETE")).toBe(404);
});

test("HEAD is a method of its own: a function for GET does not answer it", async () => {
  expect(await status("/api/pair", "HEAD")).toBe(404);
  expect(await status("/api/see", "HEAD")).toBe(200);
});

test("functions are tried in the order of their names, ignoring case and specificity", async () => {
  expect((await see(`${host.url}/api/order/7`)).name).toBe("alpha");
  expect((await see(`${host.url}/api/order/literal`)).name).toBe("beta");
  expect((await see(`${host.url}/api/order/other`)).name).toBe("Gamma");
});

test("literals ignore case, and a trailing slash does not matter", async () => {
  expect(await status("/API/See/")).toBe(200);
});

test("without a route the function's name is the route", async () => {
  expect((await see(`${host.url}/api/named`)).name).toBe("named");
});

test("an optional parameter may be absent; its name keeps its case", async () => {
  expect((await see(`${host.url}/api/optional`)).params).toEqual({});
  expect((await see(`${host.url}/api/optional/a%20b`)).params).toEqual({ Name: "a b" });
  expect(await status("/api/optional/a/b")).toBe(404);
});

test("a parameter takes its default when the path ends before it", async () => {
  expect((await see(`${host.url}/api/fallback`)).params).toEqual({ name: "nobody" });
  expect((await see(`${host.url}/api/fallback/me`)).params).toEqual({ name: "me" });
});

test("a catch-all takes the rest, slashes and all; an escaped slash stays escaped", async () => {
  expect((await see(`${host.url}/api/rest/a/b%2Fc/d`)).params).toEqual({ path: "a/b%2Fc/d" });
  expect((await see(`${host.url}/api/rest`)).params).toEqual({});
});

test.each([
  ["/api/ranged/5/ab/01234567-89ab-cdef-0123-456789abcdef", 200],
  ["/api/ranged/6/ab/01234567-89ab-cdef-0123-456789abcdef", 404],
  ["/api/ranged/five/ab/01234567-89ab-cdef-0123-456789abcdef", 404],
  ["/api/ranged/5/abc/01234567-89ab-cdef-0123-456789abcdef", 404],
  ["/api/ranged/5/ab/0123", 404],
  ["/api/pattern/2026:11", 200],
  ["/api/pattern/2026-11", 404],
])("constraints decide about %s: %i", async (path, expected) => {
  expect(await status(path)).toBe(expected);
});

test("two functions share a path while their methods differ", async () => {
  expect(await (await fetch(`${host.url}/api/pair`)).text()).toBe("got");
  expect(await (await fetch(`${host.url}/api/pair`, { method: "POST" })).text()).toBe("posted");
});

test("a route on admin or runtime puts the function in error, and the others still run", async () => {
  expect(await status("/api/adminonly")).toBe(404);
  expect(await status("/api/runtime/x")).toBe(404);
  await expect
    .poll(() => host.printed())
    .toContain("forbiddenAdmin: the specified route conflicts");
  await expect
    .poll(() => host.printed())
    .toContain("forbiddenRuntime: the specified route conflicts");
});

test("the same route with a shared method puts the later name in error", async () => {
  expect((await see(`${host.url}/api/see`, { method: "POST" })).name).toBe("see");
  await expect
    .poll(() => host.printed())
    .toContain("seeAgain: the route conflicts with that of function 'see'");
});

test("the home page answers at / when no function does", async () => {
  const home = await fetch(`${host.url}/?x=1`);
  expect([home.status, home.headers.get("content-type")]).toEqual([200, "text/html"]);
  expect(await status("//")).toBe(404);
});

test("AzureWebJobsDisableHomepage turns the home page into 204", async () => {
  const quiet = await spawnHost({ root: app.root, env: { AzureWebJobsDisableHomepage: "True" } });
  try {
    expect((await fetch(`${quiet.url}/`)).status).toBe(204);
  } finally {
    await quiet.stop();
  }
});
