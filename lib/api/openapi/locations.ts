/** A walk for the probe that only looks around. */
import type { Walks } from "./examples.ts";

const represents = {
  app: "orders",
  basis: "same-plan-subnet",
  same: ["subnet", "certificates", "proxies"],
  differs: [],
  unknown: ["routing", "dns", "hybrid connections"],
};

const locate = {
  app: "sonde-example",
  slot: "Production",
  region: "West Europe",
  platform: "app-service",
  plan: "elastic-premium",
  instance: "01234567",
  privateIp: "192.0.2.20",
  dnsServers: ["192.0.2.53"],
  routeAll: "unknown",
  represents,
  limits: { requestMs: 230_000, snatPorts: 128 },
  versions: { sonde: "1.0.0", node: "24.11.0", os: "Linux 6.6", functions: "~4" },
  startedAt: "2026-11-20T08:00:00.000Z",
  clock: "2026-11-20T18:25:03.120Z",
  interfaces: [{ name: "eth0", address: "192.0.2.20", class: "documentation" }],
  gateways: ["192.0.2.1"],
  dns: { servers: [] },
  resolvers: [{ address: "192.0.2.53", origin: "/etc/resolv.conf" }],
  vnet: { expectedBy: ["SONDE_BESIDE"], showsPrivateIp: true },
  hybridConnections: ["db.example.com:1433"],
  easyAuth: false,
  certificates: [],
  extraCas: [],
  proxies: [],
  settings: "e3b0c44298fc1c14",
  beside: { app: "orders", subnet: "192.0.2.0/26", date: "2026-11-20" },
  variables: ["WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME"],
  otherVariables: 12,
};

/** By the name of the probe. */
export const located: Readonly<Record<string, Walks>> = {
  vantage: {
    passes: {
      input: {},
      steps: [{ name: "locate", verdict: "pass", startMs: 0, ms: 0.3 }],
      result: { locate },
    },
  },
};
