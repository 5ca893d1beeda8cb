import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, layOut } from "./fixture.ts";
import { raw } from "./raw.ts";
import { parseSeen, see } from "./seen.ts";
import { spawnHost, type SpawnedHost } from "./spawn.ts";

let app: Fixture;
let host: SpawnedHost;

beforeAll(async () => {
  app = await layOut();
  host = await spawnHost({ root: app.root, env: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: "2000" } });
});

afterAll(async () => {
  await host.stop();
  await app[Symbol.asyncDispose]();
});

test("the url is absolute, from the Host header, with path and query as sent", async () => {
  const seen = await see(`${host.url}/api/rest/a%20b?q=%41&r`);
  expect(seen.url).toBe(`${host.url}/api/rest/a%20b?q=%41&r`);
});

test("a repeated query key is joined by a comma, whatever its case; a bare key is empty", async () => {
  const seen = await see(`${host.url}/api/see?x=1&y&X=2&x=a+b`);
  expect(seen.query).toEqual([
    ["x", "1,2,a b"],
    ["y", ""],
  ]);
});

test("header names are lower-cased and sorted, repeated ones joined by a bare comma", async () => {
  const answer = await raw(host.url, [
    "GET /api/see HTTP/1.1",
    "X-Zebra: 1",
    "X-Apple: one",
    "x-apple: two",
    "X-APPLE: three, four",
    "Cookie: a=1",
    "Cookie: b=2",
    "X-Empty:",
  ]);
  const seen = parseSeen(answer.body);
  expect(Object.fromEntries(seen.headers)).toMatchObject({
    "x-apple": "one,two,three, four",
    cookie: "a=1,b=2",
    "x-empty": "",
  });
  const names = seen.headers.map(([name]) => name);
  expect(names).toEqual(names.toSorted());
  expect(names).toContain("x-zebra");
});

test("a header value beyond Latin-1 never reaches the handler: 500", async () => {
  const euro = Buffer.from("5€").toString("latin1");
  expect((await raw(host.url, ["GET /api/see HTTP/1.1", `X-U: ${euro}`])).status).toBe(500);
});

test("a header value in UTF-8 within Latin-1 arrives decoded; other bytes are 400", async () => {
  const utf8 = Buffer.from("café").toString("latin1");
  const good = await raw(host.url, ["GET /api/see HTTP/1.1", `X-U: ${utf8}`]);
  const text = Buffer.from(good.body, "latin1").toString("utf8");
  expect(parseSeen(text).headers).toContainEqual(["x-u", "café"]);
  expect((await raw(host.url, ["GET /api/see HTTP/1.1", "X-U: caf\xe9"])).status).toBe(400);
});

test("a body with a length arrives", async () => {
  const seen = await see(`${host.url}/api/see`, { method: "POST", body: "köpfchen" });
  expect(seen.body).toBe("köpfchen");
});

test("a chunked body is dropped", async () => {
  const answer = await raw(
    host.url,
    ["POST /api/see HTTP/1.1", "Transfer-Encoding: chunked"],
    "5\r\nhello\r\n0\r\n\r\n",
  );
  expect([answer.status, parseSeen(answer.body).body]).toEqual([200, ""]);
});

test("the body of a GET is dropped, with a warning", async () => {
  const answer = await raw(host.url, ["GET /api/see HTTP/1.1", "Content-Length: 5"], "hello");
  expect([answer.status, parseSeen(answer.body).body]).toEqual([200, ""]);
  await expect
    .poll(() => host.printed())
    .toContain("Discarding the body of the incoming GET request");
});

test("a body over the limit is 413, one at the limit is served", async () => {
  const post = (length: number) =>
    fetch(`${host.url}/api/see`, { method: "POST", body: "x".repeat(length) });
  expect((await post(2000)).status).toBe(200);
  expect((await post(2001)).status).toBe(413);
  expect((await fetch(`${host.url}/none`, { method: "POST", body: "x".repeat(2001) })).status).toBe(
    404,
  );
});

test("an absolute request target is served by its path", async () => {
  const answer = await raw(host.url, [`GET ${host.url}/api/see?q=1 HTTP/1.1`]);
  expect(parseSeen(answer.body).url).toBe(`${host.url}/api/see?q=1`);
});

test("a caller that leaves in the middle of its body does not end the host", async () => {
  const { hostname, port } = new URL(host.url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write("POST /api/see HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
  await see(`${host.url}/api/see`);
  socket.destroy();
  await expect.poll(() => host.printed()).toContain("aborted");
  expect((await see(`${host.url}/api/see`)).method).toBe("GET");
});
