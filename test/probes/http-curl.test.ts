/** The same questions asked of the same servers by curl: what both can see must be the same. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as z from "zod";
import { http } from "../../lib/probes/http.ts";
import { ask } from "../asking.ts";
import { site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";
import { pathOf } from "../servers/packages.ts";

const run = promisify(execFile);

/** As `-w '%{json}'` writes them, times in seconds; with the header names from `%{header_json}`. */
const written = z.object({
  http_code: z.int(),
  http_version: z.string(),
  size_download: z.int(),
  redirect_url: z.string().nullable(),
  time_connect: z.number(),
  time_pretransfer: z.number(),
  time_starttransfer: z.number(),
  time_total: z.number(),
});
const named = z.record(z.string(), z.array(z.string()));

async function curl(url: string, ...options: readonly string[]) {
  const format = "%{json}\n%{header_json}";
  // No proxy, no .curlrc: only what stands here.
  const plain = ["-q", "-s", "--noproxy", "*", "-o", "/dev/null", "-w", format];
  const same = ["-H", "Accept-Encoding: gzip, deflate, br"];
  const { stdout } = await run(pathOf("curl"), [...plain, ...same, ...options, url]);
  const at = stdout.indexOf("\n");
  return {
    seen: written.parse(JSON.parse(stdout.slice(0, at))),
    headers: named.parse(JSON.parse(stdout.slice(at + 1))),
  };
}

const answered = z.object({
  hops: z.tuple([
    z.object({
      request: z.object({
        status: z.int(),
        version: z.string(),
        location: z.string().optional(),
        headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
        timings: z.record(z.string(), z.number()),
        body: z.object({ bytes: z.int() }),
      }),
    }),
  ]),
});

async function sonde(url: string, ...more: [string, string][]) {
  const { result } = await ask(http, [["target", url], ...more]);
  return answered.parse(result).hops[0].request;
}

needs("nginx", "curl")("differential against curl", () => {
  test.each([
    ["/ok", []],
    ["/empty", []],
    ["/moved", []],
    ["/missing", []],
    ["/broken", []],
    ["/ok", ["HEAD"]],
    ["/ok", ["OPTIONS"]],
  ] as const)("%s %j", async (path, [method]) => {
    const { port } = await nginx(
      (own) => `gzip on; gzip_types text/plain; gzip_min_length 1;
server {
  listen 127.0.0.1:${own};
  default_type text/plain;
  add_header X-Twice one always;
  add_header X-Twice two always;
  location = /ok { return 200 "fine and well, thank you"; }
  location = /empty { return 204; }
  location = /moved { return 307 /ok?x=1; }
  location = /broken { return 503; }
}`,
    );
    const url = `http://127.0.0.1:${port}${path}`;
    const options = { HEAD: ["-I"], OPTIONS: ["-X", "OPTIONS"] }[method ?? "OPTIONS"];
    const theirs = await curl(url, ...(method === undefined ? [] : options));
    const ours = await sonde(
      url,
      ...(method === undefined ? [] : [["method", method] as [string, string]]),
    );
    expect(ours.status).toBe(theirs.seen.http_code);
    expect(ours.version).toBe(theirs.seen.http_version);
    expect(ours.body.bytes).toBe(theirs.seen.size_download);
    expect(ours.location ?? null).toBe(theirs.seen.redirect_url);
    const lines = (headers: Readonly<Record<string, string | string[]>>) =>
      new Map(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().length]),
      );
    expect(lines(ours.headers)).toEqual(lines(theirs.headers));
  });

  test("phases of an answer that takes its time", async () => {
    const url = await site((_request, response) => {
      setTimeout(() => response.write("one"), 200);
      setTimeout(() => response.end("two"), 350);
    });
    const { seen } = await curl(url);
    const { timings } = await sonde(url);
    /** Two programs, one busy machine. */
    const slack = 150;
    const near = (ours: number | undefined, seconds: number) =>
      expect(Math.abs((ours ?? Infinity) - seconds * 1000)).toBeLessThan(slack);
    near(timings["connect"], seen.time_connect);
    near(timings["firstByte"], seen.time_starttransfer - seen.time_pretransfer);
    near(timings["download"], seen.time_total - seen.time_starttransfer);
    near(timings["total"], seen.time_total);
    expect(timings["firstByte"]).toBeGreaterThan(190);
    expect(timings["download"]).toBeGreaterThan(140);
  });
});
