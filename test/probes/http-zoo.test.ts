/**
 * Servers that mean harm, or mean well and do harm. Whatever they send, a run ends within its deadline,
 * keeps within its sizes, and leaves no socket behind.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { http } from "../../lib/probes/http.ts";
import { readyToRequest } from "../../lib/stages/request.ts";
import { ask } from "../asking.ts";
import { inTime } from "../in-time.ts";
import { bombs, endless, malformed, undone, type Start } from "../servers/hostile-http.ts";
import { openTo } from "../servers/ports.ts";
import { memoryOf } from "./zoo.ts";

const DEADLINE_MS = 1000;

async function within(deadlineMs: number, url: string, ...more: Pair[]) {
  const pairs: Pair[] = [["target", url], ["timeoutMs", `${deadlineMs}`], ...more];
  const report = await inTime(deadlineMs, () => ask(http, pairs));
  if (process.platform === "linux")
    await expect.poll(() => openTo(Number(new URL(url).port))).toBe(0);
  return report;
}

const get = (url: string, ...more: Pair[]) => within(DEADLINE_MS, url, ...more);

beforeAll(readyToRequest);

const requestOf = (report: { result: object }): Record<string, unknown> => {
  const hops: unknown = Reflect.get(report.result, "hops");
  const first: unknown = Array.isArray(hops) ? hops[0] : {};
  return typeof first === "object" && first !== null ? Object(Reflect.get(first, "request")) : {};
};

describe("what breaks the rules is malformed: a server that", () => {
  test.each(Object.entries(malformed))("%s", async (_what, start) => {
    const report = await get(await start(), ["follow", "1"]);
    expect(report.findings[0]).toMatchObject({ code: "http.malformed" });
  });
});

/** What becomes of each; its first request may show more, where it was answered at all. */
const endings: Readonly<
  Record<
    keyof typeof endless,
    {
      readonly code?: string | readonly string[];
      readonly request?: object;
      readonly deadlineMs?: number;
    }
  >
> = {
  "is silent": { code: "http.timeout" },
  "hangs up": { code: "http.closed" },
  "drips its headers": { code: "http.timeout" },
  "drips its body": {
    code: "http.timeout",
    request: { status: 200, headers: { "content-type": "text/plain" } },
  },
  // Of these, how much the server can say within the deadline decides.
  "has a status line without end": { code: ["http.malformed", "http.timeout"] },
  "has a body without end": { request: { body: { truncated: true, bytes: 64 * 1024 } } },
  "has a chunk extension without end": {
    code: ["http.malformed", "http.timeout"],
    request: { status: 200 },
  },
  "has a chunk of 2^64-1 octets": { request: { body: { truncated: true, bytes: 64 * 1024 } } },
  // 64 KiB of them take a busy machine a while, and it is the cut that is asked for.
  "has chunks of one octet": {
    request: { body: { truncated: true, bytes: 64 * 1024 } },
    deadlineMs: 8000,
  },
  "says less than its length": {
    code: "http.closed",
    request: { status: 200, headers: { "content-length": "100" } },
  },
  "says more than its length": { request: { status: 200, body: { text: "hello" } } },
  // RFC 9112 §5.2: refused, or read as one line, but never as two.
  "folds a header": { code: "http.malformed", request: {} },
  "redirects in a circle": { code: "http.redirect_loop", request: { status: 302 } },
  "redirects for ever": { code: "http.too_many_redirects", request: { status: 302 } },
  "redirects to 8 KiB": { request: { status: 302 } },
  "switches protocols unasked": { code: ["http.malformed", "http.closed", "http.timeout"] },
};

describe("what never ends is cut: a server that", () => {
  test.each(Object.entries(endless))("%s", async (what, start) => {
    const { code, request, deadlineMs = DEADLINE_MS } = Object(Reflect.get(endings, what));
    const report = await within(deadlineMs, await start(), ["follow", "10"]);
    expect([code].flat()).toContain(report.findings[0]?.code);
    if (request !== undefined) expect(requestOf(report)).toMatchObject(request);
  });
});

describe("bombs unfold to 64 KiB and no further:", () => {
  test.each(Object.entries(bombs))("%s", async (_what, start) => {
    expect(requestOf(await get(await start()))).toMatchObject({
      body: { truncated: true, decodedBytes: 64 * 1024 },
    });
  });
});

describe("an encoding that cannot be undone:", () => {
  test("twenty layers of gzip are not tried at all", async () => {
    expect(requestOf(await get(await undone["of twenty layers"]()))).toMatchObject({
      body: { problem: expect.stringContaining("not undone") },
    });
  });

  test("a stream that is cut in the middle keeps what came before", async () => {
    expect(requestOf(await get(await undone["cut in the middle"]()))).toMatchObject({
      status: 200,
      body: { problem: expect.stringContaining("broken or cut") },
    });
  });
});

const memoryWith = async (starts: readonly Start[]) => {
  const urls = await Promise.all(starts.map((start) => start()));
  const questions = urls.map((url): [string, string][] => [
    ["target", url],
    ["follow", "3"],
    ["timeoutMs", "300"],
  ]);
  return memoryOf("http", questions);
};

describe("memory", () => {
  test("is left behind by none of them", async () => {
    const starts = [malformed, endless, undone].flatMap((all): Start[] => Object.values(all));
    const { asked, heap } = await memoryWith(starts);
    expect(asked).toBeGreaterThanOrEqual(starts.length);
    expect(heap).toBeLessThan(1);
  }, 120_000);

  test("is not taken for what a bomb would unfold to", async () => {
    const { heap, peak } = await memoryWith(Object.values(bombs));
    expect(heap).toBeLessThan(1);
    // Together they are 350 megabytes.
    expect(peak).toBeLessThan(128);
  }, 120_000);
});
