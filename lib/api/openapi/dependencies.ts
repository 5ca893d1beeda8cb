/** Walks for the examples of the probes that ask a dependency in its own protocol. */
import type { Walks } from "./examples.ts";
import { address, climbed, handshake, on, opened, resolved, silent, steps } from "./learned.ts";

const cache = { target: "redis://cache.example.com:6379" };

const mapping = { target: "stun.example.com" };

const orders = { target: "sql://orders.example.com" };
const dummy = { ...orders, login: "dummy", follow: "1" };
const node = "node7.example.com:11003";

const seen = {
  server: `${on}:3478`,
  transport: "udp",
  sent: 1,
  mapped: { address: "203.0.113.77", port: 1024 },
  local: { address: "198.51.100.4", port: 49_712 },
  translated: true,
  rttMs: 9.2,
};

const server = {
  dialect: "TDS 7",
  version: "12.0.2000",
  product: "SQL Server 2014, Azure SQL Database or Managed Instance",
  encryption: "required",
  wantsCertificate: false,
  instanceMatches: true,
  mars: false,
  federatedAuth: true,
};

const greeting = [
  ["connect", 3.5],
  ["sql", 4.1],
  ["handshake", 10.2],
] as const;

const noIdentity = "no identity is assigned";

/** By the name of the probe. */
export const dependencies: Readonly<Record<string, Walks>> = {
  stun: {
    passes: {
      input: mapping,
      steps: steps(["stun", 9.8]),
      result: climbed("stun.example.com", { stun: seen }),
    },
    fails: {
      input: mapping,
      steps: steps(["stun", 5000, "stun.timeout"]),
      result: climbed("stun.example.com", {
        stun: { server: `${on}:3478`, transport: "udp", sent: 4 },
        stopped: { stage: "stun", code: "stun.timeout", ...silent },
      }),
    },
  },
  sql: {
    passes: {
      input: orders,
      steps: steps(...greeting),
      result: climbed("orders.example.com", { ...opened, sql: server, handshake }),
    },
    fails: {
      input: dummy,
      steps: [
        ...steps(...greeting, ["login", 9.3]),
        { name: "resolve", on: node, verdict: "pass", startMs: 39.1, ms: 6 },
        {
          name: "connect",
          on: node,
          verdict: "fail",
          startMs: 45.1,
          ms: 4000,
          code: "tcp.timeout",
        },
      ],
      result: climbed("orders.example.com", {
        ...opened,
        sql: server,
        handshake,
        login: {
          user: "sonde-probe",
          encrypted: true,
          outcome: "routed",
          errors: [],
          route: { host: "node7.example.com", port: 11_003 },
        },
        hops: [
          {
            on: node,
            ...resolved("node7.example.com"),
            connect: address,
            stopped: {
              stage: "connect",
              code: "sql.redirect_blocked",
              message: `the redirect to ${node} is blocked: no answer within 4.0 s`,
              detail: { because: "tcp.timeout" },
            },
          },
        ],
      }),
    },
  },
  service: {
    passes: {
      input: cache,
      steps: steps(["connect", 3.5], ["redis", 1.2]),
      result: climbed("cache.example.com", {
        ...opened,
        redis: { reply: "NOAUTH Authentication required.", authentication: "required" },
      }),
    },
    fails: {
      input: cache,
      steps: [...steps(["connect", 5000, "tcp.timeout"]), { name: "redis", on, verdict: "skip" }],
      result: climbed("cache.example.com", {
        connect: address,
        stopped: { stage: "connect", code: "tcp.timeout", ...silent },
      }),
    },
  },
  identity: {
    passes: {
      input: {},
      steps: steps(["connect", 0.6], ["identity", 2.1]),
      result: climbed(on, { ...opened, identity: { status: 400 } }),
    },
    fails: {
      input: { token: true },
      steps: steps(["connect", 0.6], ["identity", 41, "identity.no_token"]),
      result: climbed(on, {
        ...opened,
        identity: {
          status: 500,
          resource: "https://management.azure.com/",
          issued: false,
          said: noIdentity,
        },
        stopped: {
          stage: "identity",
          code: "identity.no_token",
          message: `HTTP 500 and no token: ${noIdentity}`,
        },
      }),
    },
  },
};
