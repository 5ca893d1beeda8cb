/** The ways to a target that lead past somebody: name servers over TLS, and a proxy. */
import { describe, expect, test } from "vitest";
import { certificates } from "../servers/certificates.ts";
import { forwardProxy } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { tcpServer } from "../servers/tcp.ts";
import { unbound } from "../servers/unbound.ts";
import { bothWith, compare, type Both } from "./comparing.ts";
import { edgeWith, ours, seriesIn } from "./scraping.ts";
import { manners, tlsSite } from "./sites.ts";

needs(
  "prometheus-blackbox-exporter",
  "openssl",
  "unbound",
)("DNS over TLS", () => {
  const zone = `
  local-zone: "example.test." static
  local-data: "www.example.test. 60 IN A 192.0.2.1"
  local-data: "www.example.test. 60 IN A 192.0.2.2"`;

  async function asked() {
    const certificate = await certificates();
    const server = await unbound(certificate("good"), zone);
    const options = "query_type: A, transport_protocol: tcp, dns_over_tls: true";
    const module = (name: string, tls: string, query = "www.example.test") =>
      `  ${name}: {prober: dns, dns: {query_name: ${query}, ${options}, tls_config: {${tls}}}}`;
    const ca = `ca_file: ${certificate("ca").cert}`;
    const modules = [
      "modules:",
      module("dot", ca),
      module("nothing", ca, "none.example.test"),
      module("strange", `ca_file: ${certificate("strangerCa").cert}`),
      module("lax", "insecure_skip_verify: true"),
      module("named", `${ca}, server_name: other.test`),
    ].join("\n");
    return { server, both: await bothWith(modules) };
  }

  test("is counted as the exporter counts it, whatever the certificate and the answer", async () => {
    const { server, both } = await asked();
    const target = `target=127.0.0.1:${server.tls}`;
    await compare(both, `module=dot&${target}`, { success: 1 });
    await compare(both, `module=lax&${target}`, { success: 1 });
    const found = await compare(both, `module=nothing&${target}`, {
      success: 0,
      code: "expect.valid_rcodes",
    });
    expect(found.get("probe_dns_query_succeeded")).toBe(1);
    await compare(both, `module=strange&${target}`, {
      success: 0,
      code: "tls.incomplete_chain",
      badCertificate: true,
    });
    await compare(both, `module=named&${target}`, {
      success: 0,
      code: "tls.name_mismatch",
      badCertificate: true,
    });
  });

  test("fails as the exporter does where nobody listens, or nobody speaks TLS", async () => {
    const { both } = await asked();
    const plain = await tcpServer((socket) => socket.end("no TLS here\r\n"));
    const closed = await closedPort();
    await compare(both, `module=dot&target=127.0.0.1:${closed}`, {
      success: 0,
      code: "tcp.refused",
    });
    await compare(both, `module=dot&target=127.0.0.1:${plain.port}`, {
      success: 0,
      code: "tls.not_tls",
    });
  });
});

needs("prometheus-blackbox-exporter", "openssl")("proxy_url", () => {
  const modulesOf = async (port: number) => {
    const { cert } = (await certificates())("ca");
    return `
modules:
  proxied: {prober: http, http: {proxy_url: "http://127.0.0.1:${port}", preferred_ip_protocol: ip4, enable_http2: false, tls_config: {ca_file: ${cert}}}}
`;
  };
  const through = async (port: number): Promise<Both> => bothWith(await modulesOf(port));

  test("leads to https through a tunnel, counted as the exporter counts it", async () => {
    const proxy = await forwardProxy();
    const both = await through(proxy.port);
    const target = `https://127.0.0.1:${await tlsSite("good")}`;
    await compare(both, `module=proxied&target=${encodeURIComponent(target)}`, { success: 1 });
    expect(proxy.heads).toHaveLength(2);
    for (const head of proxy.heads) expect(head).toMatch(/^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1/);
    const bad = `https://127.0.0.1:${await tlsSite("expired")}`;
    await compare(both, `module=proxied&target=${encodeURIComponent(bad)}`, {
      success: 0,
      code: "tls.expired",
      badCertificate: true,
    });
  });

  describe("that does not let through", () => {
    test.each([
      ["refuses", () => forwardProxy("HTTP/1.1 403 Forbidden\r\n\r\n"), "http.proxy_refused"],
      ["is not there", async () => ({ port: await closedPort() }), "tcp.refused"],
    ] as const)("since it %s", async (_, start, code) => {
      const both = await through((await start()).port);
      const target = encodeURIComponent(`https://127.0.0.1:${await tlsSite("good")}`);
      await compare(both, `module=proxied&target=${target}`, { success: 0, code });
    });
  });

  test("leads to http by CONNECT as well, so that the judged address is the one that is asked", async () => {
    const proxy = await forwardProxy();
    const us = ours(edgeWith(await modulesOf(proxy.port)));
    const { body } = await us(`module=proxied&target=${encodeURIComponent(await manners())}`);
    expect(seriesIn(body).get("probe_success"), body).toBe(1);
    expect(proxy.heads).toEqual([expect.stringMatching(/^CONNECT 127\.0\.0\.1:\d+ /)]);
  });
});
