import { describe, expect, test } from "vitest";
import { decodePairs } from "../../lib/api/decode.ts";
import { http } from "../../lib/probes/http.ts";
import { ask } from "../asking.ts";
import { site } from "../servers/http.ts";

const body = JSON.stringify({
  status: "ok",
  checks: [
    { name: "db", up: true, ms: 12 },
    { name: "queue", up: null },
  ],
  "a-b": "x=y",
});

const headers = {
  "content-type": "application/json",
  "cache-control": "no-store, max-age=0",
  "x-twice": ["one", "two"],
};

async function expecting(key: string, text: string) {
  const origin = await site((_request, response) => {
    response.writeHead(200, headers).end(body);
  });
  const { expected } = await ask(http, [
    ["target", origin],
    [`expect.${key}`, text],
  ]);
  return expected[0];
}

describe("holds", () => {
  test.each([
    ["bodyContains", '"status":"ok"'],
    ["jsonPath", "$.status=ok"],
    ["jsonPath", "$.checks[0].up=true"],
    ["jsonPath", "$.checks[0].ms=12"],
    ["jsonPath", "$.checks[1].up=null"],
    ["jsonPath", "$.checks[1]"],
    ["jsonPath", "$.a-b=x=y"],
    ["responseHeader", "Content-Type:application/json"],
    ["responseHeader", "cache-control: no-store"],
    ["responseHeader", "x-twice:two"],
    ["responseHeader", "date"],
  ])("%s=%s", async (key, text) => {
    expect(await expecting(key, text)).toMatchObject({ ok: true, wanted: text });
  });
});

describe("does not hold, and shows what was there", () => {
  test.each([
    ["bodyContains", "STATUS", body.slice(0, 60)],
    ["jsonPath", "$.status=OK", "ok"],
    ["jsonPath", "$.status=", "ok"],
    ["jsonPath", "$.checks.length=2", "unknown"],
    ["jsonPath", "$.status[0]=o", "unknown"],
    ["jsonPath", "$.toString", "unknown"],
    ["jsonPath", "$.missing", "unknown"],
    ["responseHeader", "content-type:text/html", "application/json"],
    ["responseHeader", "x-missing", "unknown"],
    ["responseHeader", "__proto__", "unknown"],
  ])("%s=%s", async (key, text, actual) => {
    expect(await expecting(key, text)).toMatchObject({ ok: false, actual });
  });
});

describe("is refused before anything is asked", () => {
  test.each([
    ["jsonPath", "$..status=ok"],
    ["jsonPath", "$.checks[*].up=true"],
    ["jsonPath", "$.checks[?(@.up)]"],
    ["jsonPath", `$${".a".repeat(17)}`],
    ["jsonPath", "status=ok"],
    ["bodyContains", ""],
    ["responseHeader", ":value"],
    ["responseHeader", "a b:value"],
  ])("%s=%s", (key, text) => {
    const decoded = decodePairs(http, [
      ["target", "http://127.0.0.1:1/"],
      [`expect.${key}`, text],
    ]);
    expect(decoded).toMatchObject({ problem: { status: 400 } });
  });
});
