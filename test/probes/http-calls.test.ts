import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { decodePairs, type Pair } from "../../lib/api/decode.ts";
import { http } from "../../lib/probes/http.ts";
import { ask } from "../asking.ts";
import { site } from "../servers/http.ts";

/** Answers each call by its number. */
async function counting(
  answer: (call: number, request: IncomingMessage, response: ServerResponse) => void,
) {
  let call = 0;
  const ports = new Set<number | undefined>();
  const cookies: (string | undefined)[] = [];
  const origin = await site((request, response) => {
    ports.add(request.socket.remotePort);
    cookies.push(request.headers.cookie);
    answer((call += 1), request, response);
    response.end();
  });
  const get = (...more: Pair[]) => ask(http, [["target", origin], ...more]);
  return { get, ports, cookies };
}

const shareIn = (report: { result: object }): unknown => {
  const hops: unknown = Reflect.get(report.result, "hops");
  return Array.isArray(hops) ? hops[0].share : undefined;
};

describe("split counts the values of a header", () => {
  test("over calls that each have a connection of their own", async () => {
    const { get, ports } = await counting((call, _request, response) =>
      response.setHeader("X-Revision", call % 5 === 0 ? "v2" : "v1"),
    );
    const report = await get(["split", "header:X-Revision"]);
    expect(shareIn(report)).toEqual({
      calls: 10,
      answered: 10,
      values: [
        { value: "v1", calls: 8, percent: 80 },
        { value: "v2", calls: 2, percent: 20 },
      ],
    });
    expect(ports.size).toBe(10);
    expect(report).toMatchObject({ verdict: "pass", findings: [] });
  });

  test("and says where it is missing", async () => {
    const { get } = await counting(() => {});
    expect(shareIn(await get(["split", "header:x-revision"], ["calls", "2"]))).toMatchObject({
      values: [{ value: "(none)", calls: 2, percent: 100 }],
    });
  });

  test("but shows no secret of it", async () => {
    const { get } = await counting((_call, _request, response) =>
      response.setHeader("set-cookie", "sid=hunter2; Path=/"),
    );
    const report = await get(["split", "header:set-cookie"], ["calls", "2"]);
    expect(shareIn(report)).toMatchObject({ values: [{ value: "sid=***; Path=/", calls: 2 }] });
    expect(JSON.stringify(report)).not.toContain("hunter2");
  });

  test("a call that fails is counted as such", async () => {
    const { get } = await counting((call, request, response) => {
      if (call === 2) request.socket.destroy();
      else response.setHeader("x-revision", "v1");
    });
    const report = await get(["split", "header:x-revision"], ["calls", "3"]);
    expect(shareIn(report)).toMatchObject({ calls: 3, answered: 2 });
    expect(report).toMatchObject({ verdict: "warn", findings: [{ code: "http.closed" }] });
  });
});

describe("affinity", () => {
  test("sends the first answer's cookies along, and shows none of them", async () => {
    const { get, cookies } = await counting((_call, request, response) => {
      if (request.headers.cookie !== undefined) return;
      response.setHeader("set-cookie", ["acaAffinity=hunter2; Path=/; HttpOnly", "a=b; Secure"]);
    });
    const report = await get(["affinity", "1"], ["calls", "3"]);
    const sent = "acaAffinity=hunter2; a=b";
    expect(cookies).toEqual([undefined, sent, sent]);
    expect(shareIn(report)).toMatchObject({ affinity: { cookie: "acaAffinity", moved: 0 } });
    expect(report).toMatchObject({ verdict: "pass", findings: [] });
    expect(JSON.stringify(report)).not.toContain("hunter2");
  });

  test("is lost when the balancer gives another value", async () => {
    const { get } = await counting((call, _request, response) =>
      response.setHeader("set-cookie", `ARRAffinity=instance${call}; Path=/`),
    );
    const report = await get(["affinity", "1"], ["calls", "4"]);
    expect(report).toMatchObject({
      verdict: "warn",
      findings: [{ code: "http.affinity_lost", evidence: "ARRAffinity, moved 3 times" }],
    });
  });

  test("is lost when the header that tells instances apart says so", async () => {
    const { get } = await counting((call, _request, response) =>
      response.setHeader("x-instance", call > 2 ? "b" : "a"),
    );
    const report = await get(["affinity", "1"], ["split", "header:x-instance"], ["calls", "4"]);
    expect(report.findings).toMatchObject([{ code: "http.affinity_lost" }]);
  });

  test("is kept when the same value is given again", async () => {
    const { get } = await counting((_call, _request, response) =>
      response.setHeader("set-cookie", "ARRAffinity=one; Path=/"),
    );
    expect((await get(["affinity", "1"])).findings).toEqual([]);
  });
});

test("a WebSocket takes none of it", () => {
  const decoded = decodePairs(http, [
    ["target", "ws://127.0.0.1:1/"],
    ["affinity", "1"],
  ]);
  expect(decoded).toMatchObject({ problem: { status: 400 } });
});

test.each<[string, Pair[]]>([
  ["split without header:", [["split", "x-revision"]]],
  ["a header that is no name", [["split", "header:a b"]]],
  [
    "too many calls",
    [
      ["affinity", "1"],
      ["calls", "21"],
    ],
  ],
  [
    "redirects",
    [
      ["affinity", "1"],
      ["follow", "1"],
    ],
  ],
  ["calls without a word of what is counted", [["calls", "5"]]],
  ["HTTP/2 without TLS", [["version", "2"]]],
  ["a proxy without a port", [["proxy", "127.0.0.1"]]],
])("%s is refused", (_what, pairs) => {
  const decoded = decodePairs(http, [["target", "http://127.0.0.1:1/"], ...pairs]);
  expect(decoded).toMatchObject({ problem: { status: 400 } });
});
