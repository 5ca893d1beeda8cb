/**
 * The main job, as a new user meets it: `npm start`, then curl. The compiled functions behind the local
 * host, real servers in front of them.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spawnHost, type SpawnedHost } from "./local/spawn.ts";
import { certificates, type Certificates } from "./servers/certificates.ts";
import { named } from "./servers/named.ts";
import { needs } from "./servers/needs.ts";
import { nginx } from "./servers/nginx.ts";
import { pathOf } from "./servers/packages.ts";
import { closedPort } from "./servers/ports.ts";
import { sServer } from "./servers/sserver.ts";
import { tcpServer } from "./servers/tcp.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);

let host: SpawnedHost;
let made: Certificates;

beforeAll(async () => {
  made = await certificates();
  const trusted = { NODE_EXTRA_CA_CERTS: made("ca").cert };
  host = await spawnHost({ root, args: ["--simulate", "appservice"], env: trusted });
});
afterAll(() => host.stop());

/** What curl sees: status, headers and body. */
async function curl(path: string, ...args: readonly string[]) {
  const words = ["-sgi", "--noproxy", "*", ...args, `${host.url}${path}`];
  const { stdout } = await run(pathOf("curl"), words);
  const [head = "", ...rest] = stdout.split("\r\n\r\n");
  return {
    status: Number(head.split(" ")[1]),
    head: head.toLowerCase(),
    body: rest.join("\r\n\r\n"),
  };
}

const json = async (path: string, ...args: readonly string[]) => {
  const answer = await curl(path, ...args);
  return { ...answer, report: JSON.parse(answer.body) };
};

const web = (port: number) => `server {
  listen 127.0.0.1:${port} ssl http2;
  ssl_certificate ${made("good").cert};
  ssl_certificate_key ${made("good").key};
  location / { return 200 "hello"; }
}`;

needs(
  "curl",
  "nginx",
  "openssl",
  "named",
)("npm start, then curl", () => {
  test("check climbs to HTTP through a certificate that is trusted here", async () => {
    const { port } = await nginx(web);
    const { status, head, report } = await json(`/api/check?target=https://127.0.0.1:${port}`);
    expect(status).toBe(200);
    expect(head).toContain("cache-control: no-store");
    expect(head).toContain("x-content-type-options: nosniff");
    expect(head).toContain("sonde-verdict: pass");
    expect(head).toContain(`sonde-run: ${report.id}`);
    expect(report).toMatchObject({
      schema: 1,
      ok: true,
      verdict: "pass",
      steps: [{ name: "resolve" }, { name: "connect" }, { name: "handshake" }, { name: "request" }],
      result: {
        addresses: [
          { handshake: { trusted: true, alpn: "h2" }, request: { version: "2", status: 200 } },
        ],
      },
      vantage: { app: "local", represents: { basis: "unknown" } },
    });
    // The first handshake of a process reads trust stores too: that is no phase of the request.
    const [address] = report.result.addresses;
    expect(address.request.timings.tls).toBe(address.handshake.handshakeMs);
  });

  test("the lines that it prints first really pass, and so do the examples in its documentation", async () => {
    for (const probe of ["check", "echo"]) {
      const [, path = ""] =
        new RegExp(`curl '${host.url}(/api/${probe}[^']+)'`).exec(host.printed()) ?? [];
      const { status, head, body } = await curl(path);
      expect([status, head], body).toEqual([200, expect.stringContaining("sonde-verdict: pass")]);
    }
    const { report: api } = await json("/api/openapi.json");
    const [target] = api.paths["/api/check"].get.parameters;
    const own = target.example.replace("http://127.0.0.1:7071", host.url);
    expect((await json(`/api/check?target=${own}`)).report).toMatchObject({ verdict: "pass" });
    const { example } = api.paths["/api/smoke"].post.requestBody.content["application/json"];
    const suite = JSON.stringify(example).replaceAll("http://127.0.0.1:7071", host.url);
    const smoke = await json("/api/smoke", "-H", "content-type: application/json", "-d", suite);
    expect(smoke.report).toMatchObject({ verdict: "pass" });
  });

  test("dns asks a name server", async () => {
    const { port } = await named({
      "example.test":
        "@ 60 IN SOA ns h 1 2 3 4 5\n@ IN NS ns\nns IN A 127.0.0.1\na IN A 10.0.0.4\n",
    });
    const { report } = await json(`/api/dns?name=a.example.test&server=127.0.0.1:${port}`);
    expect(report).toMatchObject({
      verdict: "pass",
      result: {
        servers: [{ on: `127.0.0.1:${port}`, query: { addresses: [{ class: "private" }] } }],
      },
    });
  });

  test("a closed port is a good answer: 200 and tcp.refused", async () => {
    const { status, report } = await json(`/api/tcp?target=127.0.0.1:${await closedPort()}`);
    expect(status).toBe(200);
    expect(report.findings[0].code).toBe("tcp.refused");
  });

  test("an expired certificate keeps its facts", async () => {
    const { port } = await sServer(made("expired"));
    const { status, report } = await json(`/api/tls?target=127.0.0.1:${port}`);
    expect(status).toBe(200);
    expect(report.findings[0].code).toBe("tls.expired");
    expect(report.result.addresses[0].handshake).toMatchObject({
      protocol: "TLSv1.3",
      trusted: false,
    });
  });

  test("an expectation that fails is 424, one that holds is 200", async () => {
    const { port } = await sServer(made("good"));
    const path = `/api/tls?target=127.0.0.1:${port}&expect.certDays=`;
    expect((await curl(`${path}30`)).status).toBe(200);
    expect((await curl(`${path}30000`)).status).toBe(424);
  });

  test("echo keeps every name, withholds secrets, and tells forged hops from real ones", async () => {
    const { report, body } = await json(
      "/api/echo?code=hunter2",
      "-H",
      "Authorization: Bearer hunter2",
      "-H",
      "Cookie: sid=hunter2",
      "-H",
      "X-Forwarded-For: 203.0.113.9",
      "-H",
      "X-Azure-FDID: forged",
    );
    expect(body).not.toContain("hunter2");
    const names = report.result.arrive.headers.map((one: { name: string }) => one.name);
    expect(names).toEqual(expect.arrayContaining(["authorization", "cookie", "x-azure-fdid"]));
    expect(report.result.arrive.client).toMatchObject({ confidence: "claimed" });
    expect(host.printed()).not.toContain("hunter2");
  });

  test.each(["169.254.169.254", "0xa9fea9fe", "2852039166", "[::ffff:169.254.169.254]"])(
    "%s is refused: 403 policy.floor",
    async (spelling) => {
      const { status, head, report } = await json(`/api/tcp?target=${spelling}:80`);
      expect(status).toBe(403);
      expect(head).toContain("application/problem+json");
      expect(report).toMatchObject({ code: "policy.floor", address: "169.254.169.254" });
    },
  );

  test("an unknown parameter is 400 with a suggestion", async () => {
    const { status, report } = await json("/api/tcp?traget=127.0.0.1:1");
    expect(status).toBe(400);
    expect(report).toMatchObject({ parameter: "traget", suggestion: "target" });
  });

  test("the same as text, for a person", async () => {
    const target = `127.0.0.1:${await closedPort()}`;
    const { head, body } = await curl(`/api/tcp?target=${target}`, "-H", "Accept: text/plain");
    expect(head).toContain("content-type: text/plain");
    expect(body).toMatch(
      /^FAIL tcp\.refused tcp:\/\/127\.0\.0\.1:\d+ the connection was refused\n/,
    );
    for (const line of body.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  test("smoke asks a suite, and render shows its report again", async () => {
    const [good, bad] = [await tcpServer((socket) => socket.end()), await closedPort()];
    const suite = `version: 1\nchecks:\n  - tcp://127.0.0.1:${good.port}\n  - tcp://127.0.0.1:${bad}\n`;
    const { status, head, report, body } = await json(
      "/api/smoke",
      "-H",
      "Content-Type: application/yaml",
      "--data-binary",
      suite,
    );
    expect(status).toBe(424);
    expect(head).toContain("sonde-verdict: fail");
    expect(report.checks).toMatchObject([{ verdict: "pass" }, { verdict: "fail" }]);
    const again = await curl(
      "/api/render?format=junit",
      "-H",
      "Content-Type: application/json",
      "--data-binary",
      body,
    );
    expect(again.status).toBe(200);
    expect(again.body).toContain('tests="2" failures="1"');
  });

  test("POST is the same operation", async () => {
    const target = `127.0.0.1:${await closedPort()}`;
    const body = JSON.stringify({ target, expect: { reachable: false } });
    const { status, report } = await json(
      "/api/tcp",
      "-H",
      "Content-Type: application/json",
      "-d",
      body,
    );
    expect(status).toBe(200);
    expect(report).toMatchObject({ verdict: "pass", expected: [{ key: "reachable", ok: true }] });
  });
});

describe("manners", () => {
  test("health is anonymous and holds nothing", async () => {
    expect((await json("/api/health")).report).toEqual({ status: "ok" });
  });

  test("policy shows the rules in canonical form", async () => {
    expect((await json("/api/policy")).report).toMatchObject({
      rules: "@private @public @loopback",
    });
  });

  test("findings explains every code", async () => {
    const { report } = await json("/api/findings");
    expect(report.findings.map((one: { code: string }) => one.code)).toContain("tcp.timeout");
  });

  test("pages of other sites are refused by probes, not by the echo", async () => {
    const cross = ["-H", "Sec-Fetch-Site: cross-site"];
    expect((await json("/api/tcp?target=127.0.0.1:1", ...cross)).status).toBe(403);
    expect((await json("/api/echo", ...cross)).status).toBe(200);
  });

  test("a name rebound to this machine is misdirected: 421", async () => {
    expect((await json("/api/tcp?target=127.0.0.1:1", "-H", "Host: evil.example")).status).toBe(
      421,
    );
  });

  test("its own request is recognised as a loop: 508", async () => {
    const echo = await json(`/api/http?target=${host.url}/api/echo`);
    expect(echo.report.result.hops[0].request.status).toBe(508);
  });

  test("the audit has a line for every probe, without query and without secrets", async () => {
    const canary = await tcpServer((socket) => socket.end());
    await curl(`/api/tcp?target=127.0.0.1:${canary.port}&code=hunter2`);
    await expect.poll(() => host.printed()).toContain(`"port":${canary.port}`);
    expect(host.printed()).not.toContain("hunter2");
  });
});
