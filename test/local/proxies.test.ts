/**
 * Real proxies in front of the local host, which pass a real client certificate on: nginx percent-encodes
 * PEM, HAProxy writes the base64 of DER. Envoy does not run here; its header is written by its grammar.
 */
import { X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { json } from "node:stream/consumers";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spawnHost, type SpawnedHost } from "../local/spawn.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { haproxy } from "../servers/haproxy.ts";
import { folder } from "../servers/daemon.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Shown {
  readonly certified: boolean;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

needs(
  "nginx",
  "haproxy",
  "openssl",
)("a proxy that asks for a client certificate", () => {
  let host: SpawnedHost;
  let made: Certificates;
  let client: X509Certificate;

  beforeAll(async () => {
    host = await spawnHost({ root });
    made = await certificates();
    client = new X509Certificate(await readFile(made("client").cert));
  });
  afterAll(() => host.stop());

  const digits = (print: string) => print.replaceAll(":", "").toLowerCase();

  /** What the local host answers when it is asked through a proxy at this port. */
  async function through(port: number, { certified, query = "", headers = {} }: Shown) {
    const identity = certified
      ? { cert: await readFile(made("client").cert), key: await readFile(made("client").key) }
      : {};
    const ca = await readFile(made("ca").cert);
    const path = `/api/echo?${query}`;
    const sent = request({ host: "127.0.0.1", port, path, ca, headers, ...identity, agent: false });
    sent.end();
    const answer = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
      sent.on("response", resolve).on("error", reject);
    });
    const report: unknown = await json(answer);
    return { status: answer.statusCode, report };
  }

  async function behindNginx(): Promise<number> {
    const { port } = await nginx(
      (free) => `server {
        listen 127.0.0.1:${free} ssl;
        ssl_certificate ${made("good").cert};
        ssl_certificate_key ${made("good").key};
        ssl_client_certificate ${made("ca").cert};
        ssl_verify_client optional;
        location / {
          proxy_pass ${host.url};
          proxy_set_header Host 127.0.0.1;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          proxy_set_header X-Forwarded-Proto $scheme;
          proxy_set_header SSL-Client-Cert $ssl_client_escaped_cert;
        }
      }`,
    );
    return port;
  }

  async function behindHaproxy(): Promise<number> {
    const both = join(await folder(), "both.pem");
    const files = [made("good").cert, made("good").key].map((file) => readFile(file, "utf8"));
    await writeFile(both, (await Promise.all(files)).join(""));
    const { port } = await haproxy(
      (free) => `
frontend in
  bind 127.0.0.1:${free} ssl crt ${both} ca-file ${made("ca").cert} verify optional
  option forwardfor
  http-request set-header Host 127.0.0.1
  http-request set-header X-Forwarded-Proto https
  http-request set-header X-SSL-Client-Cert %[ssl_c_der,base64] if { ssl_c_used }
  http-request del-header X-SSL-Client-Cert unless { ssl_c_used }
  default_backend out
backend out
  server sonde ${new URL(host.url).host}
`,
    );
    return port;
  }

  const golden = () => ({
    subject: "O=Sonde tests, CN=client",
    issuer: "O=Sonde tests, CN=ca",
    names: ["DNS:client.test"],
    sha1: digits(client.fingerprint),
    sha256: digits(client.fingerprint256),
    usages: ["clientAuth"],
    selfIssued: false,
  });

  describe.each([
    ["nginx", behindNginx, "ssl-client-cert"],
    ["HAProxy", behindHaproxy, "x-ssl-client-cert"],
  ] as const)("%s", (_name, behind, header) => {
    let port: number;
    beforeAll(async () => {
      port = await behind();
    });

    test("passes on what the client showed, and the echo reads it", async () => {
      const { status, report } = await through(port, { certified: true });
      expect(status).toBe(200);
      expect(report).toMatchObject({
        verdict: "pass",
        findings: [],
        result: {
          arrive: {
            scheme: "https",
            client: { address: "127.0.0.1", confidence: "claimed" },
            hops: [
              { kind: "client", tls: "none" },
              { kind: "proxy", tls: "tls", confidence: "claimed" },
              { kind: "worker", tls: "unknown" },
            ],
            tlsEnd: { at: "proxy" },
            clientCertificate: { header, ...golden() },
          },
        },
      });
      expect(JSON.stringify(report)).not.toContain("BEGIN");
    });

    test("overwrites what a client writes itself: there is no certificate then", async () => {
      const { report } = await through(port, {
        certified: false,
        headers: { [header]: client.raw.toString("base64"), "x-forwarded-for": "198.51.100.9" },
      });
      expect(report).toMatchObject({ result: { arrive: { client: { address: "127.0.0.1" } } } });
      expect(report).not.toHaveProperty("result.arrive.clientCertificate.sha1");
    });

    test("lets a pipeline assert the certificate that arrives", async () => {
      const held = { certified: true, query: `expect.clientThumbprint=${client.fingerprint}` };
      const other = { certified: true, query: `expect.clientThumbprint=${"ab".repeat(20)}` };
      expect((await through(port, held)).status).toBe(200);
      expect((await through(port, other)).status).toBe(424);
    });
  });

  test("Envoy's header, by its grammar: hash and certificate belong together", async () => {
    const cert = encodeURIComponent(client.toString());
    const element = `By=spiffe://a;Hash=${digits(client.fingerprint256)};Cert="${cert}";Subject="CN=client,O=Sonde tests"`;
    const answer = await fetch(`${host.url}/api/echo`, {
      headers: {
        "x-forwarded-client-cert": element,
        "x-forwarded-for": "203.0.113.9",
        "x-forwarded-proto": "https",
      },
    });
    expect(await answer.json()).toMatchObject({
      verdict: "pass",
      findings: [],
      result: {
        arrive: {
          client: { address: "203.0.113.9", confidence: "claimed" },
          clientCertificate: {
            header: "x-forwarded-client-cert",
            hashMatches: true,
            ...golden(),
          },
        },
      },
    });
  });
});
