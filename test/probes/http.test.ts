import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { http } from "../../lib/probes/http.ts";
import { text } from "../../lib/surfaces/text.ts";
import { ask } from "../asking.ts";
import { site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { greeting } from "../servers/tcp.ts";
import { nginx } from "../servers/nginx.ts";

const get = (url: string, ...more: [string, string][]) => ask(http, [["target", url], ...more]);

const hops = (report: { result: object }) => {
  const found: unknown = Reflect.get(report.result, "hops");
  return Array.isArray(found) ? found : [];
};

const start = () =>
  nginx(
    (port) => `gzip on; gzip_types text/plain; gzip_min_length 1;
server {
  listen 127.0.0.1:${port};
  default_type text/plain;
  location = /ok { return 200 "fine and well, thank you"; }
  location = /a { return 302 /b; }
  location = /b { return 302 /ok; }
  location = /loop { return 301 /loop2; }
  location = /loop2 { return 301 /loop; }
  location = /metadata { return 302 http://169.254.169.254/latest; }
  location = /ftp { return 302 ftp://127.0.0.1/; }
  location = /broken { return 503; }
  location = /secret { return 302 /ok?code=hunter2; }
}`,
  );

const on = async (path: string, ...more: [string, string][]) => {
  const { port } = await start();
  return get(`http://127.0.0.1:${port}${path}`, ...more);
};

needs("nginx")("the http probe against nginx", () => {
  test("shows phases, status, headers and the body undone", async () => {
    const report = await on("/ok");
    expect(report).toMatchObject({
      verdict: "pass",
      proved: expect.arrayContaining(["HTTP answers"]),
    });
    expect(hops(report)).toMatchObject([
      {
        on: expect.stringMatching(/\/ok$/),
        connect: { family: 4 },
        request: {
          method: "GET",
          version: "1.1",
          status: 200,
          timings: {
            dns: expect.any(Number),
            connect: expect.any(Number),
            firstByte: expect.any(Number),
            download: expect.any(Number),
            total: expect.any(Number),
          },
          headers: { "content-encoding": "gzip" },
          body: { text: "fine and well, thank you", truncated: false },
        },
      },
    ]);
    const [{ connect, request }] = hops(report);
    const { bytes, decodedBytes } = request.body;
    expect(bytes).not.toBe(decodedBytes);
    expect(text.write(report, http.stages)).toContain(
      `Body       ${bytes} bytes, ${decodedBytes} decoded`,
    );
    expect(request.timings.connect).toBe(connect.connectMs);
  });

  test("follows no redirect unless told, and shows where it leads", async () => {
    const report = await on("/a");
    expect(hops(report)).toMatchObject([
      { request: { status: 302, location: expect.stringMatching(/\/b$/) } },
    ]);
  });

  test("follows as far as told, each hop on its own", async () => {
    const report = await on("/a", ["follow", "2"]);
    expect(hops(report).map((hop) => hop.request.status)).toEqual([302, 302, 200]);
    expect(report.verdict).toBe("pass");
    expect((await on("/a", ["follow", "1"])).findings[0]).toMatchObject({
      code: "http.too_many_redirects",
    });
  });

  test("comes down to where the way ended, whatever led there", async () => {
    const { port } = await start();
    const dead = await closedPort();
    const moved = await site((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${dead}/` }).end();
    });
    const lost = await get(moved, ["follow", "1"], ["expect.reachable", "true"]);
    expect(lost).toMatchObject({
      verdict: "fail",
      findings: [{ code: "tcp.refused", severity: "fail" }],
      expected: [{ key: "reachable", actual: "false", ok: false }],
    });
    // What is demanded of the answer is not demanded of the redirects on the way to it.
    const found = await get(
      `http://127.0.0.1:${port}/a`,
      ["follow", "2"],
      ["expect.status", "200"],
      ["expect.bodyContains", "fine and well"],
    );
    expect(found.expected.map((one) => [one.ok, new URL(one.on ?? "").pathname])).toEqual([
      [true, "/ok"],
      [true, "/ok"],
    ]);
    expect(found.summary).toContain("HTTP 200");
    expect(hops(found).map(({ request }) => request.followed)).toEqual([true, true, undefined]);
  });

  test("recognises a circle", async () => {
    const report = await on("/loop", ["follow", "10"]);
    expect(report).toMatchObject({ verdict: "fail", findings: [{ code: "http.redirect_loop" }] });
    expect(hops(report)).toHaveLength(2);
  });

  test("judges every hop: a redirect to the metadata service is a finding, not a request", async () => {
    const report = await on("/metadata", ["follow", "3"]);
    // No error of the caller's, which would be a 403 without a report.
    expect(report).toMatchObject({ verdict: "fail", findings: [{ code: "policy.redirect" }] });
    expect(hops(report)[1]).toMatchObject({
      stopped: {
        code: "policy.redirect",
        detail: { address: "169.254.169.254", because: "policy.floor" },
      },
    });
  });

  test("goes to no other scheme", async () => {
    expect((await on("/ftp", ["follow", "3"])).findings[0]).toMatchObject({
      code: "policy.redirect",
    });
  });

  test("a status of 503 is the server's trouble; expected, it is none", async () => {
    expect(await on("/broken")).toMatchObject({
      verdict: "fail",
      findings: [{ code: "http.status" }],
    });
    expect(await on("/broken", ["expect.status", "5xx"])).toMatchObject({ verdict: "pass" });
    expect(await on("/ok", ["expect.status", "404"])).toMatchObject({
      verdict: "fail",
      expected: [{ wanted: "404", actual: "200" }],
    });
  });

  test("shows no secret of a redirect", async () => {
    expect(JSON.stringify(await on("/secret", ["follow", "1"]))).not.toContain("hunter2");
  });
});

test("cookies and tokens of an answer are withheld", async () => {
  const url = await site((_request, response) => {
    response
      .writeHead(200, {
        "set-cookie": ["sid=hunter2; Path=/", "hunter2; Path=/"],
        "x-api-key": "hunter2",
        "x-api-keys": "hunter2",
        "x-api-key1": "hunter2",
        x_key_value: "hunter2",
        // Padded base64 ends like a name without a value.
        "x-auth-token": "hunter2==",
        authorization: "Basic hunter2=",
      })
      .end();
  });
  const report = await get(url);
  expect(JSON.stringify(report)).not.toContain("hunter2");
  expect(hops(report)[0].request.headers["set-cookie"]).toEqual(["sid=***; Path=/", "***; Path=/"]);
});

test("a challenge and what only sounds like a secret stay readable", async () => {
  const said = {
    "www-authenticate": 'Bearer authorization="https://login.example.test/1234", resource="x"',
    "x-ms-keyvault-region": "westus",
    "access-control-allow-credentials": "true",
  };
  const url = await site((_request, response) => void response.writeHead(401, said).end());
  expect(hops(await get(url))[0].request.headers).toMatchObject(said);
});

test.each([
  ["SSH-2.0-OpenSSH_9.2\r\n", "SSH"],
  ["220 (vsFTPd 3.0.5)\r\n", "FTP"],
  // An alert, as TLS answers a request in plain text.
  ["\x15\x03\x01\x00\x02\x02\x46", "TLS"],
  ["<html>", 'it begins with "<html>"'],
])("a port that says %j is no HTTP: %s", async (said, what) => {
  const { port } = await greeting(said);
  expect((await get(`http://127.0.0.1:${port}/`)).findings[0]).toMatchObject({
    code: "http.malformed",
    evidence: `the answer is not HTTP: ${what}`,
  });
});

test("empty lines before the status line do not make it another protocol", async () => {
  const { port } = await greeting("\r\nHTTP/1.1 200 OK\r\nno header\r\n\r\n");
  const [leading] = (await get(`http://127.0.0.1:${port}/`)).findings;
  expect(leading?.evidence).toMatch(/^the answer breaks the rules of HTTP: /);
});

describe("an answer that breaks off in its body", () => {
  const refusing = async (end: (response: ServerResponse) => void) => {
    const body = "404 Web Site not found. You may be seeing this error because";
    return site((_request, response) => {
      response.writeHead(404, { "content-length": "9000" }).write(body, () => end(response));
    });
  };

  test.each([
    ["hangs up", (response: ServerResponse) => void response.destroy(), "http.closed"],
    ["falls silent", () => {}, "http.timeout"],
  ])("because the server %s: what came is kept and read", async (_how, end, code) => {
    const report = await get(await refusing(end), ["timeoutMs", "500"]);
    expect(report.findings.map((one) => one.code)).toEqual(
      expect.arrayContaining([code, "http.site_unknown"]),
    );
    expect(hops(report)).toMatchObject([
      { request: { status: 404, body: { truncated: true, bytes: 60 } }, stopped: { code } },
    ]);
  });
});

test("the request carries its name and a loop token, and nothing of the caller", async () => {
  let seen: Record<string, unknown> = {};
  const url = await site((request, response) => {
    seen = { method: request.method, url: request.url, ...request.headers };
    response.end();
  });
  await get(`${url}/path?q=1`, ["method", "HEAD"]);
  expect(seen).toMatchObject({
    method: "HEAD",
    url: "/path?q=1",
    "user-agent": "Sonde/0.0.0",
    "cdn-loop": expect.stringMatching(/^sonde-[0-9a-f]{12}$/),
  });
  expect(Object.keys(seen).toSorted()).toEqual(
    [
      "accept",
      "accept-encoding",
      "cdn-loop",
      "connection",
      "host",
      "method",
      "url",
      "user-agent",
    ].toSorted(),
  );
});
