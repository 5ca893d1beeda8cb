import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { decodePairs, type Pair } from "../../lib/api/decode.ts";
import { http } from "../../lib/probes/http.ts";
import { text } from "../../lib/surfaces/text.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { forwardProxy, site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { silent } from "../servers/tcp.ts";
import { sServer } from "../servers/sserver.ts";

const get = (target: string, ...more: Pair[]) => ask(http, [["target", target], ...more]);
const portIn = (origin: string) => new URL(origin).port;

/** A site that keeps what it was asked. */
async function keeping(status = 200, headers: Record<string, string> = {}) {
  const asked: IncomingMessage[] = [];
  const origin = await site((request, response) => {
    asked.push(request);
    response.writeHead(status, headers).end("hello");
  });
  return { origin, asked };
}

const wrong = (...pairs: Pair[]) =>
  decodePairs(http, [["target", "http://127.0.0.1:1/"], ...pairs]);

describe("connectTo", () => {
  test("dials another place and asks for the name in the URL", async () => {
    const { origin, asked } = await keeping();
    const report = await get("http://app.example.test:8080/x", [
      "connectTo",
      `127.0.0.1:${portIn(origin)}`,
    ]);
    // As it is in every format: two colons that begin a word are escaped for build agents.
    const repeat = `--connect-to 'app.example.test:8080:127.0.0.1:${portIn(origin)}'`;
    expect(text.write(report, http.stages)).toContain(repeat);
    expect(report).toMatchObject({
      verdict: "pass",
      result: { hops: [{ resolve: { host: "127.0.0.1" }, request: { status: 200 } }] },
    });
    expect(asked[0]).toMatchObject({ url: "/x", headers: { host: "app.example.test:8080" } });
  });

  test("keeps the URL's port where none is named", async () => {
    const { origin } = await keeping();
    const report = await get(`http://app.example.test:${portIn(origin)}/`, [
      "connectTo",
      "127.0.0.1",
    ]);
    expect(report.verdict).toBe("pass");
  });

  test("is judged like any target", async () => {
    const report = await get("http://127.0.0.1:1/", ["connectTo", "169.254.169.254:80"]);
    expect(report).toMatchObject({ verdict: "error", findings: [{ code: "policy.floor" }] });
  });

  test("takes no path", () => {
    expect(wrong(["connectTo", "127.0.0.1/x"])).toMatchObject({ problem: { status: 400 } });
  });
});

describe("hostHeader and header", () => {
  test("are sent", async () => {
    const { origin, asked } = await keeping();
    const report = await get(
      origin,
      ["hostHeader", "app.example.test"],
      ["header", "X-Forwarded-Proto: https"],
      ["header", "User-Agent: mine"],
    );
    expect(asked[0]?.headers).toMatchObject({
      host: "app.example.test",
      "x-forwarded-proto": "https",
      "user-agent": "mine",
      "cdn-loop": expect.stringMatching(/^sonde-/),
    });
    expect(report.result["hops"]).toMatchObject([{ request: { hostHeader: "app.example.test" } }]);
  });

  test.each([
    "Authorization: Bearer x",
    "Cookie: a=b",
    "Metadata: true",
    "X-Identity-Header: x",
    "Secret: x",
    "X-aws-ec2-metadata-token: x",
    "Transfer-Encoding: chunked",
    "Content-Length: 5",
    "Connection: close",
    "Host: other",
    "CDN-Loop: none",
    "Accept-Encoding: zstd",
    "X-Request-Id: a\r\nMetadata: true",
    "X-Request-Id: \u00e9",
    "X-Request-Id",
    ": x",
  ])("%j is refused", (header) => {
    expect(wrong(["header", header])).toMatchObject({ problem: { status: 400 } });
  });

  test.each(["a b", "x\r\ny", "user@host", "h/path"])("the Host %j is refused", (host) => {
    expect(wrong(["hostHeader", host])).toMatchObject({ problem: { status: 400 } });
  });

  test("stay with the origin they were said for", async () => {
    const other = await keeping();
    const { origin, asked } = await keeping(302, { location: `${other.origin}/landed` });
    const mine: Pair[] = [
      ["hostHeader", "app.example.test"],
      ["header", "X-Azure-FDID: 1234"],
      ["connectTo", `127.0.0.1:${portIn(origin)}`],
      ["follow", "1"],
    ];
    const report = await get(origin, ...mine);
    expect(report.verdict).toBe("pass");
    expect(asked[0]?.headers).toMatchObject({ host: "app.example.test", "x-azure-fdid": "1234" });
    expect(other.asked[0]).toMatchObject({
      url: "/landed",
      headers: { host: new URL(other.origin).host },
    });
    expect(other.asked[0]?.headers).not.toHaveProperty("x-azure-fdid");
  });

  test("go along to the same origin", async () => {
    const asked: IncomingMessage[] = [];
    const origin = await site((request, response) => {
      asked.push(request);
      response.writeHead(asked.length === 1 ? 302 : 200, { location: "/next" }).end();
    });
    await get(origin, ["header", "X-Request-Id: 7"], ["follow", "1"]);
    expect(asked.map(({ headers }) => headers["x-request-id"])).toEqual(["7", "7"]);
  });
});

describe("proxy", () => {
  test("is asked for the judged literal, never for a name", async () => {
    const { origin, asked } = await keeping();
    const proxy = await forwardProxy();
    const report = await get(
      "http://app.example.test/",
      ["connectTo", `127.0.0.1:${portIn(origin)}`],
      ["proxy", `127.0.0.1:${proxy.port}`],
    );
    expect(proxy.heads[0]).toMatch(
      /^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/,
    );
    expect(asked[0]?.headers.host).toBe("app.example.test");
    expect(report).toMatchObject({
      verdict: "pass",
      proved: expect.arrayContaining(["the proxy opens a tunnel to the target's address"]),
      result: {
        hops: [
          {
            tunnel: { proxy: `127.0.0.1:${proxy.port}`, status: 200, tunnelMs: expect.any(Number) },
            request: { status: 200 },
          },
        ],
      },
    });
  });

  test.each([
    ["refuses", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "http.proxy_refused"],
    ["speaks something else", "SSH-2.0-OpenSSH_9.2\r\n", "http.malformed"],
    ["says more than it was asked", "HTTP/1.1 200 OK\r\n\r\nhello", "http.malformed"],
    ["has an endless head", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(4000)}`, "http.malformed"],
    ["says nothing more", "HTTP/1.1 200 OK\r\n", "http.timeout"],
  ])("one that %s", async (_how, answer, code) => {
    const proxy = await forwardProxy(answer);
    const report = await get(
      "http://127.0.0.1:1/",
      ["proxy", `127.0.0.1:${proxy.port}`],
      ["timeoutMs", "500"],
    );
    expect(report.findings[0]).toMatchObject({ code });
    // Nothing is open that was refused.
    expect(JSON.stringify(report.result)).not.toContain("tunnelMs");
    expect(report.ms).toBeLessThan(3000);
  });

  test("one that wants credentials says which", async () => {
    const proxy = await forwardProxy(
      "HTTP/1.1 407 Proxy Authentication Required\r\nVia: 1.1 squid\r\nProxy-Authenticate: Basic realm=corp\r\n\r\n<h1>Access denied</h1>",
    );
    const report = await get("http://127.0.0.1:1/", ["proxy", `127.0.0.1:${proxy.port}`]);
    expect(report.result["hops"]).toMatchObject([
      {
        tunnel: {
          status: 407,
          refused: {
            headers: { via: "1.1 squid", "proxy-authenticate": "Basic realm=corp" },
            text: "<h1>Access denied</h1>",
          },
        },
      },
    ]);
  });

  test("that is silent, or not there", async () => {
    const { port } = await silent();
    const quick: Pair = ["timeoutMs", "300"];
    const mute = await get("http://127.0.0.1:1/", ["proxy", `127.0.0.1:${port}`], quick);
    expect(mute.findings[0]).toMatchObject({ code: "http.timeout" });
    const none = await get("http://127.0.0.1:1/", ["proxy", `127.0.0.1:${await closedPort()}`]);
    expect(none.findings[0]).toMatchObject({ code: "tcp.refused" });
  });

  test("is judged, and so is the target behind it, before anything is dialled", async () => {
    const proxy = await forwardProxy();
    const behind = await get("http://169.254.169.254/", ["proxy", `127.0.0.1:${proxy.port}`]);
    expect(behind).toMatchObject({ verdict: "error", findings: [{ code: "policy.floor" }] });
    expect(proxy.accepted()).toBe(0);
    const itself = await get("http://127.0.0.1:1/", ["proxy", "169.254.169.254:3128"]);
    expect(itself).toMatchObject({ verdict: "error", findings: [{ code: "policy.floor" }] });
  });

  test("in the environment is not looked at", async () => {
    const proxy = await forwardProxy();
    const { origin } = await keeping();
    const at = `http://127.0.0.1:${proxy.port}`;
    const before = { ...process.env };
    Object.assign(process.env, { HTTP_PROXY: at, http_proxy: at, NODE_USE_ENV_PROXY: "1" });
    try {
      expect((await get(origin)).verdict).toBe("pass");
    } finally {
      process.env = before;
    }
    expect(proxy.accepted()).toBe(0);
  });
});

needs("openssl")("TLS through a proxy", () => {
  test("is spoken with the target, end to end", async () => {
    const server = await sServer((await certificates())("good"), ["-www"]);
    const proxy = await forwardProxy();
    const report = await get(`https://127.0.0.1:${server.port}/`, [
      "proxy",
      `127.0.0.1:${proxy.port}`,
    ]);
    expect(report.result["hops"]).toMatchObject([
      {
        tunnel: { status: 200 },
        handshake: { protocol: "TLSv1.3", leaf: { subject: expect.stringContaining("good") } },
      },
    ]);
  });
});

describe("as a product's health probe", () => {
  test.each([
    ["frontdoor", 200, true],
    ["frontdoor", 204, false],
    ["frontdoor", 302, false],
    ["appgw", 200, true],
    ["appgw", 302, true],
    ["appgw", 401, false],
    ["healthcheck", 204, true],
    ["healthcheck", 302, false],
    ["healthcheck", 500, false],
  ])("%s: %d is healthy: %s", async (as, status, healthy) => {
    const { origin } = await keeping(status, { location: "/login" });
    const report = await get(origin, ["as", as]);
    expect(report.result["hops"]).toMatchObject([{ request: { healthy } }]);
    expect(report.verdict).toBe(healthy ? "pass" : "fail");
    expect(report.findings.some(({ code }) => code === "http.unhealthy")).toBe(!healthy);
    expect((await get(origin, ["as", as], ["expect.healthy", `${healthy}`])).expected[0]?.ok).toBe(
      true,
    );
  });

  test("asks with that probe's method, agent and host", async () => {
    const { origin, asked } = await keeping();
    for (const as of ["frontdoor", "appgw", "healthcheck"]) await get(origin, ["as", as]);
    expect(
      asked.map(({ method, headers }) => [method, headers["user-agent"], headers.host]),
    ).toEqual([
      ["HEAD", "Edge Health Probe", new URL(origin).host],
      ["GET", "Sonde/0.0.0", "127.0.0.1"],
      ["GET", "HealthCheck/1.0", new URL(origin).host],
    ]);
  });

  test("follows nothing and has its own method", () => {
    expect(wrong(["as", "appgw"], ["follow", "1"])).toMatchObject({ problem: { status: 400 } });
    expect(wrong(["as", "appgw"], ["method", "HEAD"])).toMatchObject({ problem: { status: 400 } });
  });
});

test("the commands that ask as a probe or a browser do say what those send", async () => {
  const { origin } = await keeping();
  const command = async (...more: Pair[]) => (await get(origin, ...more)).reproduce[0];
  expect(await command(["as", "frontdoor"])).toContain("-I -A 'Edge Health Probe'");
  expect(await command(["as", "appgw"])).toContain("-H 'Host: 127.0.0.1'");
  expect(await command(["cors", "https://page.example"])).toContain(
    "-X OPTIONS -H 'origin: https://page.example' -H 'access-control-request-method: POST'",
  );
});

test("the commands that ask the same by curl hold no header's value", async () => {
  const { origin } = await keeping();
  const report = await get(origin, ["header", "X-Azure-FDID: 1234"], ["hostHeader", "a.test"]);
  expect(report.reproduce[0]).toContain("-H 'Host: a.test' -H 'x-azure-fdid: …'");
  expect(JSON.stringify(report)).not.toContain("1234");
});
