/** Reports made by hand, as a run would leave them. */
import type { Finding, Report } from "../../lib/report.ts";

const diag: Report["vantage"] = {
  app: "orders-diag",
  platform: "app-service",
  plan: "elastic-premium",
  region: "westeurope",
  instance: "0f3a",
  privateIp: "10.20.8.14",
  version: "0.1.0",
  represents: {
    app: "orders-api",
    basis: "same-plan-subnet",
    same: ["region", "subnet"],
    differs: ["WEBSITE_DNS_SERVER"],
    unknown: [],
  },
};

export const pass: Report = {
  schema: 1,
  id: "5f0c6a1e-0d0b-4c7e-9d3f-2a1b0c9d8e7f",
  ok: true,
  verdict: "pass",
  summary: "PASS https://orders.example.test:443 TLSv1.3, certificate: 61 days left",
  probe: "check",
  target: {
    input: "https://orders.example.test",
    scheme: "https",
    host: "orders.example.test",
    port: 443,
  },
  steps: [
    { name: "resolve", verdict: "pass", startMs: 0, ms: 11.9 },
    { name: "connect", on: "10.20.1.5", verdict: "pass", startMs: 11.9, ms: 1.4 },
    { name: "handshake", on: "10.20.1.5", verdict: "pass", startMs: 13.3, ms: 9.8 },
  ],
  result: {
    resolve: { addresses: ["10.20.1.5"] },
    addresses: [
      {
        on: "10.20.1.5",
        connect: { localAddress: "10.20.8.14", localPort: 51344 },
        handshake: { protocol: "TLSv1.3", trusted: true, names: "orders.example.test" },
      },
    ],
  },
  findings: [],
  expected: [{ key: "certDays", wanted: "at least 30", actual: "61", ok: true, on: "10.20.1.5" }],
  proved: ["a TCP connection opens"],
  notProved: ["that the application behind it is well", "that a login works"],
  vantage: diag,
  timing: { quality: "good", loopDelayMs: 0.4, inFlight: 1 },
  reproduce: ["curl -sS 'https://orders-diag.example.test/api/check?target=orders.example.test'"],
  at: "2026-11-20T18:25:03.120Z",
  ms: 23.4,
};

const silence: Finding = {
  code: "tcp.timeout",
  severity: "fail",
  blame: "network",
  confidence: "likely",
  title: "Nothing answered",
  why: "The packets were dropped on the way, or the answers were. A host that is there and has no such port refuses at once.",
  evidence: "no answer within 5.0 s",
  on: ["10.20.1.5"],
  rivals: ["The host is switched off", "A route sends the answers elsewhere"],
  next: [
    "Outbound rules of the network security group on the integration subnet",
    "The next hop for 10.20.1.5 in the effective routes",
  ],
  commands: [
    "az network watcher test-ip-flow --direction Outbound --protocol TCP --local '10.20.8.14:60000' --remote '10.20.1.5:1433' --vm orders-jump",
  ],
  docs: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
};

export const fail: Report = {
  ...pass,
  ok: false,
  verdict: "fail",
  summary: "FAIL tcp.timeout sql://orders.example.test:1433 no answer within 5.0 s",
  steps: [
    { name: "resolve", verdict: "pass", startMs: 0, ms: 11.9 },
    { name: "connect", on: "10.20.1.5", verdict: "fail", ms: 5000.2, code: "tcp.timeout" },
    { name: "sql", on: "10.20.1.5", verdict: "skip" },
  ],
  result: {
    resolve: { addresses: ["10.20.1.5"] },
    addresses: [
      {
        on: "10.20.1.5",
        stopped: { stage: "connect", code: "tcp.timeout", message: "no answer within 5.0 s" },
      },
    ],
  },
  findings: [silence],
  expected: [
    { key: "family", wanted: "4", actual: "4", ok: true },
    { key: "reachable", wanted: "true", actual: "false", ok: false, on: "10.20.1.5" },
  ],
  proved: [],
  notProved: ["that a TCP connection opens"],
  timing: { quality: "degraded", loopDelayMs: 41, inFlight: 7 },
  reproduce: [],
  ms: 5012.3,
};

export const warn: Report = {
  ...pass,
  verdict: "warn",
  summary: "WARN tcp.refused https://orders.example.test:443 the connection was refused",
  steps: [
    { name: "resolve", verdict: "pass", startMs: 0, ms: 2.25 },
    { name: "connect", on: "10.20.1.5", verdict: "pass", startMs: 2.3, ms: 1.4 },
    {
      name: "connect",
      on: "2001:db8:85a3:1319:8a2e:370:7344:1001",
      verdict: "fail",
      startMs: 2.3,
      ms: 1.1,
      code: "tcp.refused",
    },
  ],
  result: {
    resolve: { addresses: ["10.20.1.5", "2001:db8:85a3:1319:8a2e:370:7344:1001"] },
    addresses: [
      { on: "10.20.1.5", connect: { localAddress: "10.20.8.14", localPort: 51344 } },
      {
        on: "2001:db8:85a3:1319:8a2e:370:7344:1001",
        connect: { localAddress: "2001:db8::14" },
        stopped: { stage: "connect", code: "tcp.refused", message: "the connection was refused" },
      },
    ],
  },
  findings: [
    {
      ...silence,
      code: "tcp.refused",
      severity: "warn",
      blame: "target",
      confidence: "certain",
      title: "The port is closed",
      why: "The host answered and has nothing listening on that port.",
      evidence: "the connection was refused",
      on: ["2001:db8:85a3:1319:8a2e:370:7344:1001"],
      rivals: [],
      next: ["Whether the service listens on that address"],
      commands: [],
    },
  ],
  expected: [],
  notProved: ["that the application behind it is well"],
  reproduce: [],
};

export const error: Report = {
  ...pass,
  ok: false,
  verdict: "error",
  summary:
    "ERROR policy.floor http://169.254.169.254:80 169.254.169.254 is a metadata address, and no setting opens it",
  steps: [],
  result: {
    stopped: {
      stage: "resolve",
      code: "policy.floor",
      message: "169.254.169.254 is a metadata address",
    },
  },
  expected: [],
  vantage: {
    app: "local",
    platform: "local",
    version: "0.1.0",
    represents: { app: "local", basis: "same-site", same: [], differs: [], unknown: [] },
  },
  reproduce: [],
  ms: 0.3,
};

export const suite: Report = {
  ...pass,
  ok: false,
  verdict: "fail",
  summary: "FAIL 1 of 3 checks failed",
  probe: "smoke",
  steps: [],
  result: {},
  expected: [],
  notProved: [],
  reproduce: [],
  checks: [pass, { ...fail, expected: [] }, { ...pass, verdict: "skip", summary: "SKIP tcp" }],
  ms: 5040,
};
