/** One request that leaves here and is echoed by another Sonde: two local hosts, and gateways between. */
import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chainKeyFor } from "../../lib/platform/chain-keys.ts";
import { spawnHost, type SpawnedHost } from "../local/spawn.ts";
import { certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";
import { portOf } from "../servers/ports.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

let here: SpawnedHost;
let there: SpawnedHost;
let key: string;

beforeAll(async () => {
  here = await spawnHost({ root });
  there = await spawnHost({ root, args: ["--keys", "--simulate", "appservice"] });
  key = there.keys().host;
});
afterAll(async () => {
  await here.stop();
  await there.stop();
});

async function ask(input: object, from = here, headers: Record<string, string> = {}) {
  const answer = await fetch(`${from.url}/api/echo`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(input),
  });
  const text = await answer.text();
  return { status: answer.status, text, report: JSON.parse(text) };
}

const codes = (report: { findings: { code: string }[] }) => report.findings.map((one) => one.code);

describe("another Sonde", () => {
  test("tells as whom the request left, how it is judged there, and from which place", async () => {
    const { status, report } = await ask({ chain: there.url, chainKey: key });
    expect(status).toBe(200);
    const { arrive, chain, connect } = report.result;
    expect(arrive.hops.at(-1).kind).toBe("worker");
    expect(chain).toMatchObject({
      url: `${there.url}/api/echo`,
      status: 200,
      seenAs: { address: "127.0.0.1", port: connect.localPort, confidence: "claimed" },
      translated: false,
      judged: { by: "app-service-front-end", address: "127.0.0.1" },
      way: ["client", "app-service-front-end", "worker"],
      tlsEnd: "app-service-front-end",
      there: { app: "local", platform: "local" },
    });
    expect(report.vantage.app).toBe("local");
    expect(report.summary).toContain("seen by local as 127.0.0.1");
    expect(report.steps.map((one: { name: string }) => one.name)).toEqual([
      "arrive",
      "resolve",
      "connect",
      "chain",
    ]);
  });

  test("may be expected to see one source and not another", async () => {
    const asked = { chain: there.url, chainKey: key };
    const held = await ask({ ...asked, expect: { chainSource: "127.0.0.0/8" } });
    expect(held.status).toBe(200);
    const broken = await ask({ ...asked, expect: { chainSource: "10.0.0.0/8" } });
    expect(broken.status).toBe(424);
  });

  test("without its key it lets nobody in, and the key stands in no answer and no log", async () => {
    expect(codes((await ask({ chain: there.url })).report)[0]).toBe("chain.refused");
    const wrong = "WRONG-KEY-PLANTED";
    const answers = [
      await ask({ chain: there.url, chainKey: wrong }),
      await ask({ chain: there.url, chainKey: key }),
    ];
    expect(codes(answers[0]?.report)[0]).toBe("chain.refused");
    for (const secret of [key, wrong]) {
      for (const { text } of answers) expect(text).not.toContain(secret);
      expect(here.printed()).not.toContain(secret);
    }
  });

  test("a key in the URL is refused, as a parameter and inside the chain", async () => {
    const inQuery = await fetch(`${here.url}/api/echo?chain=${there.url}&chainKey=PLANTED-KEY`);
    expect(inQuery.status).toBe(400);
    const inside = await ask({ chain: `${there.url}/api/echo?code=PLANTED-KEY` });
    expect(inside).toMatchObject({ status: 400, report: { parameter: "chain" } });
    expect(inside.text).not.toContain("PLANTED-KEY");
  });

  test("a key without another Sonde to send it to is refused", async () => {
    const { status, report, text } = await ask({ chainKey: "PLANTED-KEY" });
    expect([status, report]).toMatchObject([400, { parameter: "chainKey" }]);
    expect(text).not.toContain("PLANTED-KEY");
  });
});

describe("a chain ends", () => {
  test("at this very deployment", async () => {
    expect(codes((await ask({ chain: here.url })).report)).toContain("chain.loop");
  });

  test("where its token has passed already: the list is carried on", async () => {
    const lists: (string | undefined)[] = [];
    const port = await listening((request, response) => {
      lists.push([request.headers["cdn-loop"]].flat().join());
      response.end("{}");
    });
    await ask({ chain: `http://127.0.0.1:${port}` }, here, { "cdn-loop": "cdn.example; a=1" });
    expect(lists).toEqual([expect.stringMatching(/^cdn\.example; a=1, sonde-[0-9a-f]{12}$/)]);
  });

  needs("nginx")("behind a gateway", () => {
    test("that leads back here", async () => {
      const { port } = await nginx(
        (free) => `server { listen 127.0.0.1:${free}; location / { proxy_pass ${here.url}; } }`,
      );
      const { report } = await ask({ chain: `http://127.0.0.1:${port}` });
      expect(codes(report)).toContain("chain.loop");
    });
  });
});

async function listening(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => void server.close());
  return portOf(server);
}

describe("what is no Sonde", () => {
  test.each<[string, RequestListener, string]>([
    ["another page", (_request, response) => response.end("<html>"), "chain.not_sonde"],
    ["another path", (_request, response) => response.writeHead(404).end(), "chain.not_sonde"],
    ["a fault", (_request, response) => response.writeHead(502).end(), "http.status"],
    ["a refusal", (_request, response) => response.writeHead(403).end(), "chain.refused"],
    ["a 508 of another kind", (_request, response) => response.writeHead(508).end(), "http.status"],
  ])("%s", async (_what, listener, code) => {
    const port = await listening(listener);
    const { status, report } = await ask({ chain: `http://127.0.0.1:${port}/prefix/` });
    expect(status).toBe(200);
    expect(codes(report)).toContain(code);
    expect(report.result.chain.url).toBe(`http://127.0.0.1:${port}/prefix/api/echo`);
    expect(report.result.arrive.method).toBe("POST");
  });

  test("an echo that shows the key: nothing of its answer is kept", async () => {
    const secret = "SECRET-PLANTED-KEY";
    const port = await listening((request, response) => {
      const vantage = { app: request.headers["x-functions-key"] };
      const arrive = { client: { confidence: "proven" }, hops: [] };
      response.end(JSON.stringify({ probe: "echo", result: { arrive }, vantage }));
    });
    const { text, report } = await ask({ chain: `http://127.0.0.1:${port}`, chainKey: secret });
    expect(codes(report)).toContain("chain.not_sonde");
    expect(text).not.toContain(secret);
  });

  test("a refusal that states the source address", async () => {
    const port = await listening((_request, response) => {
      response.writeHead(403, { "x-ms-forbidden-ip": "203.0.113.7" }).end();
    });
    const { report } = await ask({ chain: `http://127.0.0.1:${port}` });
    expect(report.result.chain.seenAs).toEqual({ address: "203.0.113.7", confidence: "proven" });
  });
});

describe("it is judged like any target", () => {
  test("the floor has no exception", async () => {
    expect(await ask({ chain: "http://169.254.169.254" })).toMatchObject({
      status: 403,
      report: { code: "policy.floor" },
    });
  });

  test("pages of other sites may ask for an echo, and not for a chain", async () => {
    const foreign = { "sec-fetch-site": "cross-site" };
    expect((await ask({}, here, foreign)).status).toBe(200);
    expect((await ask({ chain: there.url }, here, foreign)).status).toBe(403);
  });
});

needs("nginx", "openssl")("over TLS, with a key from the settings", () => {
  test("the key goes to its own host alone, and not past a bad certificate", async () => {
    const made = await certificates();
    const behind = (name: "good" | "expired") =>
      nginx(
        (free) => `server {
          listen 127.0.0.1:${free} ssl;
          ssl_certificate ${made(name).cert};
          ssl_certificate_key ${made(name).key};
          location / { proxy_pass ${there.url}; }
        }`,
      );
    const [good, bad] = [await behind("good"), await behind("expired")];
    const asking = await spawnHost({
      root,
      env: {
        NODE_EXTRA_CA_CERTS: made("ca").cert,
        SONDE_CHAIN_KEYS: `other.example=NOT-THIS-ONE 127.0.0.1:${good.port}=${key} 127.0.0.1:${bad.port}=${key}`,
      },
    });
    try {
      const reached = await ask({ chain: `https://127.0.0.1:${good.port}` }, asking);
      expect(reached.report).toMatchObject({ verdict: "pass", result: { chain: { status: 200 } } });
      const refused = await ask({ chain: `https://127.0.0.1:${bad.port}` }, asking);
      expect(codes(refused.report)).toContain("tls.expired");
      expect(refused.report.result).not.toHaveProperty("chain");
    } finally {
      await asking.stop();
    }
  });
});

describe("SONDE_CHAIN_KEYS", () => {
  const SONDE_CHAIN_KEYS = "a.example=KEY-OF-A-1 b.example:8443=KEY-OF-B-1 short.example=x";
  const kept = (scheme: string, host: string, port: number) =>
    chainKeyFor({ scheme, host, port }, { SONDE_CHAIN_KEYS });

  test("binds a key to scheme, host and port", () => {
    expect(kept("https", "a.example", 443)).toBe("KEY-OF-A-1");
    expect(kept("https", "b.example", 8443)).toBe("KEY-OF-B-1");
    expect(kept("http", "a.example", 443)).toBeUndefined();
    expect(kept("https", "a.example", 8443)).toBeUndefined();
    expect(kept("https", "b.example", 443)).toBeUndefined();
    expect(kept("https", "a.example.evil", 443)).toBeUndefined();
    expect(kept("https", "short.example", 443)).toBeUndefined();
    expect(chainKeyFor({ scheme: "https", host: "a.example", port: 443 }, {})).toBeUndefined();
  });
});
