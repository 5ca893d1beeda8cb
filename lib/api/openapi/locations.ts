/** Walks for the probes that ask where this place is, from within and as others see it. */
import type { Walks } from "./examples.ts";
import { resolved } from "./learned.ts";
import { namedWalks } from "./named.ts";

const represents = {
  app: "orders",
  basis: "unknown",
  same: ["certificates", "proxies"],
  differs: [],
  unknown: ["subnet", "routing", "dns", "hybrid connections"],
};

const locate = {
  app: "sonde-example",
  slot: "Production",
  region: "West Europe",
  platform: "app-service",
  plan: "flex-consumption",
  instance: "01234567",
  privateIp: "unknown",
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
  vnet: { expectedBy: ["SONDE_BESIDE"], showsPrivateIp: false },
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

const operator = "example IPv4";

const asking = {
  method: "https",
  operator: "example",
  destination: "https://whoami.example.com:443/",
  family: 4,
};

const sample = { ...asking, address: "203.0.113.7", trusted: true };

/** By the name of the probe. */
export const located: Readonly<Record<string, Walks>> = {
  vantage: {
    passes: {
      input: {},
      steps: [{ name: "locate", verdict: "pass", startMs: 0, ms: 0.3 }],
      result: { locate },
    },
  },
  names: namedWalks,
  outbound: {
    passes: {
      input: {},
      steps: [
        { name: "resolve", on: operator, verdict: "pass", startMs: 0, ms: 8 },
        { name: "sample", on: operator, verdict: "pass", startMs: 8, ms: 41.2 },
        { name: "egress", verdict: "pass", startMs: 49.2, ms: 0.1 },
      ],
      result: {
        samples: [{ on: operator, ...resolved("whoami.example.com"), sample }],
        egress: {
          addresses: [{ address: sample.address, family: 4, seen: 1, operators: ["example"] }],
          verdict: "unjudged",
          agrees: true,
          matrix: [{ operator: "example", method: "https", addresses: [sample.address] }],
          discarded: [],
          samples: { planned: 1, counted: 1 },
          snatPorts: 1,
        },
      },
    },
    fails: {
      input: {},
      steps: [
        { name: "resolve", on: operator, verdict: "pass", startMs: 0, ms: 8 },
        {
          name: "sample",
          on: operator,
          verdict: "fail",
          startMs: 8,
          ms: 3000,
          code: "http.timeout",
        },
        { name: "egress", verdict: "pass", startMs: 3008, ms: 0.1 },
      ],
      result: {
        samples: [
          {
            on: operator,
            ...resolved("whoami.example.com"),
            sample: { ...asking },
            stopped: {
              stage: "sample",
              code: "http.timeout",
              message: "no answer within 3.0 s",
            },
          },
        ],
        egress: {
          addresses: [],
          verdict: "none",
          agrees: true,
          matrix: [],
          discarded: [],
          samples: { planned: 1, counted: 0 },
          snatPorts: 1,
        },
      },
    },
  },
};
