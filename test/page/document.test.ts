/** The one document: how it is served, how large it is, and what its policy allows. */
import { createHash } from "node:crypto";
import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { build, host } from "./browser.ts";

let url: string;

beforeAll(async () => {
  ({ url } = await host(await build(), ["--keys"]));
});

/** As it comes over the wire: `fetch` would unpack it. */
async function get(path: string, headers: Readonly<Record<string, string>> = {}, method = "GET") {
  const asked = request(`${url}${path}`, { method, headers });
  return new Promise<{
    status: number | undefined;
    headers: NodeJS.Dict<string | string[]>;
    body: Buffer;
  }>((resolve, reject) => {
    asked.on("error", reject).on("response", (response) => {
      buffer(response).then(
        (body) => resolve({ status: response.statusCode, headers: response.headers, body }),
        reject,
      );
    });
    asked.end();
  });
}

test.each(["/", "/ui"])("%s is the page, without a key", async (path) => {
  const { status, headers, body } = await get(path);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    vary: "accept-encoding",
  });
  expect(headers["content-encoding"]).toBeUndefined();
  expect(body.toString()).toContain("<noscript>");
  expect(body.toString()).toMatch(/curl -sS -H "x-functions-key: \$SONDE_KEY"/);
});

test("it comes compressed for who takes it, in at most 30 kB of brotli", async () => {
  const plain = (await get("/")).body;
  const br = await get("/", { "accept-encoding": "gzip, deflate, br, zstd" });
  expect(br.headers["content-encoding"]).toBe("br");
  expect(br.body.length).toBeLessThanOrEqual(30_000);
  expect(brotliDecompressSync(br.body).equals(plain)).toBe(true);
  const gzip = await get("/", { "accept-encoding": "gzip, br;q=0" });
  expect(gzip.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(gzip.body).equals(plain)).toBe(true);
});

test("it is not sent again to who has it", async () => {
  const { headers } = await get("/");
  const again = await get("/", { "if-none-match": String(headers["etag"]) });
  expect([again.status, again.body.length]).toEqual([304, 0]);
  expect((await get("/", { "if-none-match": '"other"' })).status).toBe(200);
});

test("its policy names the hashes of its own script and style and nothing else", async () => {
  const { headers, body } = await get("/");
  const inside = (element: string) =>
    new RegExp(`<${element}>(.*?)</${element}>`, "s").exec(body.toString())?.[1] ?? "";
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  expect(headers["content-security-policy"]).toBe(
    "default-src 'none'; " +
      `script-src ${hash(inside("script"))}; style-src ${hash(inside("style"))}; ` +
      "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
});

test("it names no other origin to load from", async () => {
  const text = (await get("/")).body.toString();
  expect(text).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
  expect(text).not.toMatch(/\bstyle=|innerHTML\s*=\s*["'`]/);
});

test("the API stays closed without a key", async () => {
  expect((await get("/api/policy")).status).toBe(401);
});

test("a name rebound to this machine gets no page", async () => {
  expect((await get("/", { host: "rebound.example" })).status).toBe(421);
});
