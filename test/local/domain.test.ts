/**
 * A domain of one's own and a path prefix, by real nginx in front of the local host: one gateway keeps the
 * prefix, as SONDE_PATH_PREFIX expects, and one strips it and says so.
 */
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { facts } from "../../lib/facts/arrival.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";
import { spawnHost, type SpawnedHost } from "./spawn.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const shown = z.object({
  result: z.object({ arrive: facts.partial() }),
  expected: z.array(z.object({ key: z.string(), ok: z.boolean() })),
});

let host: SpawnedHost;

beforeAll(async () => {
  host = await spawnHost({ root, env: { SONDE_PATH_PREFIX: "/tools/sonde/" } });
});
afterAll(() => host.stop());

/** A gateway that is asked for shop.example, and asks for the host's own name behind it. */
async function gateway(pass: string, more = ""): Promise<string> {
  const { port } = await nginx(
    (free) => `server {
      listen 127.0.0.1:${free};
      server_name shop.example;
      location /tools/sonde/ {
        proxy_pass ${pass};
        proxy_set_header Host ${new URL(host.url).host};
        proxy_set_header X-Forwarded-Host $host;
        proxy_set_header X-Forwarded-Proto https;
        proxy_set_header X-Forwarded-For $remote_addr;
        ${more}
      }
      location / { return 404; }
    }`,
  );
  return `http://127.0.0.1:${port}/tools/sonde`;
}

/** `fetch` lets nobody choose the Host. */
async function get(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const sent = request(url, { headers: { host: "shop.example" }, agent: false }).end();
  const [answer]: IncomingMessage[] = await once(sent, "response");
  return { status: answer?.statusCode ?? 0, text: answer === undefined ? "" : await text(answer) };
}

needs("nginx")("behind a gateway", () => {
  describe.each(["keeps", "strips"] as const)("that %s the prefix", (manner) => {
    let base: string;

    beforeAll(async () => {
      base =
        manner === "keeps"
          ? await gateway(host.url)
          : await gateway(`${host.url}/`, "proxy_set_header X-Forwarded-Prefix /tools/sonde;");
    });

    test("the page, its parts and every document answer below it, and nothing beside it", async () => {
      for (const path of ["ui", "api/health", "api/openapi.json", "api/vantage", "api/suites"]) {
        expect((await get(`${base}/${path}`)).status, path).toBe(200);
      }
      const page = (await get(`${base}/ui`)).text;
      expect(page).not.toMatch(/(?:src|href|action)="\//);
      const parts = [...page.matchAll(/(?:src|href)="([^"#:]+)"/g)].map(([, part = ""]) => part);
      for (const part of parts) {
        const at = new URL(part, `${base}/ui`).href;
        expect((await get(at)).status, at).toBe(200);
      }
      expect((await get(base.replace("/tools/sonde", "/api/health"))).status).toBe(404);
    });

    test("the paths of the OpenAPI document lead back through the gateway", async () => {
      const at = `${base}/api/openapi.json`;
      const described = z
        .object({ servers: z.array(z.object({ url: z.string() })), paths: z.looseObject({}) })
        .parse(JSON.parse((await get(at)).text));
      const server = new URL(described.servers[0]?.url ?? "", at).href.replace(/\/$/, "");
      expect(Object.keys(described.paths)).toContain("/api/health");
      expect((await get(`${server}/api/health`)).status).toBe(200);
    });

    test("the echo tells the URL that was asked in public, and a pipeline can hold it to that", async () => {
      const asked = `${base}/api/echo?expect.publicHost=shop.example&expect.arrivedScheme=https`;
      const { status, text: body } = await get(asked);
      const { result, expected } = shown.parse(JSON.parse(body));
      expect(result.arrive).toMatchObject({
        publicUrl: {
          url: "https://shop.example/tools/sonde/api/echo",
          evidence:
            manner === "keeps" ? ["x-forwarded-host"] : ["x-forwarded-host", "x-forwarded-prefix"],
          confidence: "claimed",
        },
        client: { address: "127.0.0.1", confidence: "claimed" },
        hops: [{ kind: "client" }, { kind: "proxy" }, { kind: "worker" }],
      });
      expect(expected.map(({ key, ok }) => [key, ok])).toEqual([
        ["publicHost", true],
        ["arrivedScheme", true],
      ]);
      expect(status).toBe(200);
      expect((await get(`${base}/api/echo?expect.publicHost=other.example`)).status).toBe(424);
    });
  });
});

describe("a principal that anybody may have written", () => {
  // The library's own `request.user` parses the header, believes it, and throws at anything else.
  test.each([
    "not base64",
    Buffer.from("{").toString("base64"),
    Buffer.from("null").toString("base64"),
  ])("%s is read as a header, and breaks nothing", async (principal) => {
    const headers = { "x-ms-client-principal": principal, "x-ms-client-principal-idp": "aad" };
    const answer = await fetch(`${host.url}/api/echo`, { headers });
    expect(answer.status).toBe(200);
    const { result } = shown.parse(await answer.json());
    expect(result.arrive.signedIn).toMatchObject({ believed: false });
  });

  test("a forged one is a claim, and its name is shown to nobody", async () => {
    const forged = {
      auth_typ: "aad",
      claims: [{ typ: "name", val: "PLANTED" }],
      userDetails: "PLANTED",
    };
    const headers = {
      "x-ms-client-principal": Buffer.from(JSON.stringify(forged)).toString("base64"),
      "x-ms-client-principal-name": "PLANTED",
    };
    const body = await (await fetch(`${host.url}/api/echo`, { headers })).text();
    expect(body).not.toContain("PLANTED");
    expect(shown.parse(JSON.parse(body)).result.arrive.signedIn).toMatchObject({
      by: "easy-auth",
      believed: false,
      claims: ["name"],
    });
  });
});
