import { expect, test } from "vitest";
import { type Ingress } from "../../local/host/simulate.ts";
import { layOut } from "./fixture.ts";
import { see, type Seen } from "./seen.ts";
import { spawnHost } from "./spawn.ts";

interface Behind {
  readonly seen: Seen;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
}

async function behind(ingress: Ingress, sent: Record<string, string> = {}): Promise<Behind> {
  await using app = await layOut();
  const host = await spawnHost({ root: app.root, args: ["--simulate", ingress] });
  try {
    const seen = await see(`${host.url}/api/see?q=1`, { headers: sent });
    return { seen, headers: Object.fromEntries(seen.headers), url: host.url };
  } finally {
    await host.stop();
  }
}

const peer = /^127\.0\.0\.1:\d+$/;

test("App Service: the peer cannot be forged, the list is appended to, the url says https", async () => {
  const { seen, headers, url } = await behind("appservice", {
    "client-ip": "203.0.113.9:1",
    "x-forwarded-for": "203.0.113.9",
  });
  expect(seen.url).toBe(`${url.replace("http:", "https:")}/api/see?q=1`);
  expect(headers["client-ip"]).toMatch(peer);
  expect(headers["x-forwarded-for"]).toBe(`203.0.113.9, ${headers["client-ip"]}`);
  expect(headers).toMatchObject({
    "disguised-host": new URL(url).host,
    "max-forwards": "10",
    "x-appservice-proto": "https",
    "x-arr-log-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-arr-ssl": expect.stringMatching(/^\d+\|\d+\|CN=.*\|CN=/),
    "x-forwarded-proto": "https",
    "x-forwarded-tlsversion": "1.3",
    "x-original-url": "/api/see?q=1",
  });
});

test("Front Door: its own headers, then App Service sees a Front Door backend", async () => {
  const { seen, headers } = await behind("frontdoor", {
    "x-forwarded-for": "203.0.113.9",
    "x-fd-healthprobe": "1",
  });
  expect(seen.url).toMatch(/^https:/);
  expect(headers).toMatchObject({
    via: "HTTP/1.1 Azure",
    "x-azure-clientip": "203.0.113.9",
    "x-azure-socketip": "127.0.0.1",
    "x-azure-ref": expect.stringMatching(/^\d{8}T\d{6}Z-/),
    "x-azure-requestchain": "hops=1",
    "client-ip": "147.243.18.238:45498",
    "x-forwarded-for": "203.0.113.9, 127.0.0.1, 147.243.18.238:45498",
  });
  expect(headers["x-azure-fdid"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers["x-fd-healthprobe"]).toBeUndefined();
});

test("Application Gateway: six headers, then App Service sees the gateway", async () => {
  const { headers, url } = await behind("appgateway");
  expect(headers).toMatchObject({
    "x-appgw-trace-id": expect.stringMatching(/^[0-9a-f]{32}$/),
    "x-forwarded-port": "443",
    "x-original-host": new URL(url).host,
    "client-ip": "10.0.1.4:38214",
  });
  expect(headers["x-forwarded-for"]).toMatch(/^127\.0\.0\.1:\d+, 10\.0\.1\.4:38214$/);
});

test("Container Apps: the sent list is lost, and the url stays http", async () => {
  const { seen, headers, url } = await behind("containerapps", {
    "x-forwarded-for": "203.0.113.9",
  });
  expect(seen.url).toBe(`${url}/api/see?q=1`);
  expect(headers).toMatchObject({
    "x-forwarded-for": "127.0.0.1",
    "x-envoy-external-address": "127.0.0.1",
    "x-arr-ssl": "true",
    "x-forwarded-proto": "https",
    "x-k8se-app-kind": "web",
  });
  expect(headers["client-ip"]).toBeUndefined();
});
