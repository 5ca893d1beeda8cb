import { describe, expect, test } from "vitest";
import { decodePairs } from "../../lib/api/decode.ts";
import { conclude } from "../../lib/findings/conclude.ts";
import type { Leaf } from "../../lib/leaves.ts";
import { http } from "../../lib/probes/http.ts";
import { ask } from "../asking.ts";
import { site } from "../servers/http.ts";

const suffix = "blue-1a2b.westeurope.azurecontainerapps.io";
const page = "<title>Azure Container App - Unavailable</title>";

/** An edge that knows some of the names, and answers for the others itself. */
async function edge(known: readonly string[]) {
  const hosts: (string | undefined)[] = [];
  const origin = await site((request, response) => {
    const [host = ""] = request.headers.host?.split(":") ?? [];
    hosts.push(host);
    if (known.includes(host)) response.end("hello");
    else response.writeHead(404, { "content-type": "text/html" }).end(page);
  });
  const report = await ask(http, [
    ["target", `http://app.${suffix}:8080/`],
    ["aca", "1"],
    ["connectTo", new URL(origin).host],
  ]);
  return { report, hosts, codes: report.findings.map(({ code }) => code) };
}

describe("aca asks a container app by each of its names", () => {
  test("each with its own Host", async () => {
    const { hosts, report, codes } = await edge(["app", `app.internal.${suffix}`, `app.${suffix}`]);
    expect(new Set(hosts)).toEqual(new Set(["app", `app.internal.${suffix}`, `app.${suffix}`]));
    expect(report.verdict).toBe("pass");
    expect(codes).toEqual([]);
  });

  test("an internal ingress", async () => {
    const { codes } = await edge(["app", `app.internal.${suffix}`]);
    expect(codes).toContain("http.aca_internal_only");
    expect(codes).not.toContain("http.aca_absent");
  });

  test("no app at all", async () => {
    const { codes, report } = await edge([]);
    expect(codes).toContain("http.aca_absent");
    expect(codes).not.toContain("http.aca_internal_only");
    expect(report.verdict).toBe("fail");
  });

  test("from outside, where the short name does not resolve", () => {
    const request = {
      status: 404,
      body: { text: page, bytes: 1, decodedBytes: 1, truncated: false },
    };
    const leaf = (host: string): Leaf => ({ on: `http://${host}/`, facts: { request }, depth: 3 });
    const unresolved: Leaf = {
      ...leaf("app"),
      facts: {},
      stopped: { stage: "resolve", code: "dns.nxdomain", message: "no such name" },
    };
    const leaves = [unresolved, leaf(`app.internal.${suffix}`), leaf(`app.${suffix}`)];
    const codes = conclude(leaves).map(({ code }) => code);
    expect(codes).toContain("http.aca_outside");
    expect(codes).not.toContain("http.aca_absent");
  });

  test.each([
    ["another host", "http://app.example.test/", []],
    ["a Host of the caller's", `http://app.${suffix}/`, [["hostHeader", "x"]]],
    ["a WebSocket", `ws://app.${suffix}/`, []],
  ] as const)("not for %s", (_what, target, more) => {
    const pairs: [string, string][] = more.map(([name, value]) => [name, value]);
    const decoded = decodePairs(http, [["target", target], ["aca", "1"], ...pairs]);
    expect(decoded).toMatchObject({ problem: { status: 400 } });
  });
});
