/** Walks for the examples of the probes that greet a dependency in its own protocol. */
import type { Step } from "../../report.ts";
import type { Walks } from "./examples.ts";
import { address, handshake, on, opened, resolved } from "./learned.ts";

const resolving: Step = { name: "resolve", verdict: "pass", startMs: 0, ms: 12 };
const connected: Step = { name: "connect", on, verdict: "pass", startMs: 12, ms: 3.5 };

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

const greeted: readonly Step[] = [
  resolving,
  connected,
  { name: "sql", on, verdict: "pass", startMs: 15.5, ms: 4.1 },
  { name: "handshake", on, verdict: "pass", startMs: 19.6, ms: 10.2 },
];

/** By the name of the probe. */
export const dependencies: Readonly<Record<string, Walks>> = {
  stun: {
    passes: {
      input: mapping,
      steps: [resolving, { name: "stun", on, verdict: "pass", startMs: 12, ms: 9.8 }],
      result: { ...resolved("stun.example.com"), addresses: [{ on, stun: seen }] },
    },
    fails: {
      input: mapping,
      steps: [
        resolving,
        { name: "stun", on, verdict: "fail", startMs: 12, ms: 5000, code: "stun.timeout" },
      ],
      result: {
        ...resolved("stun.example.com"),
        addresses: [
          {
            on,
            stun: { server: `${on}:3478`, transport: "udp", sent: 4 },
            stopped: { stage: "stun", code: "stun.timeout", message: "no answer within 5.0 s" },
          },
        ],
      },
    },
  },
  sql: {
    passes: {
      input: orders,
      steps: greeted,
      result: {
        ...resolved("orders.example.com"),
        addresses: [{ on, ...opened, sql: server, handshake }],
      },
    },
    fails: {
      input: dummy,
      steps: [
        ...greeted,
        { name: "login", on, verdict: "pass", startMs: 29.8, ms: 9.3 },
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
      result: {
        ...resolved("orders.example.com"),
        addresses: [
          {
            on,
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
          },
        ],
      },
    },
  },
  service: {
    passes: {
      input: cache,
      steps: [resolving, connected, { name: "redis", on, verdict: "pass", startMs: 15.5, ms: 1.2 }],
      result: {
        ...resolved("cache.example.com"),
        addresses: [
          {
            on,
            ...opened,
            redis: { reply: "NOAUTH Authentication required.", authentication: "required" },
          },
        ],
      },
    },
    fails: {
      input: cache,
      steps: [
        resolving,
        {
          name: "connect",
          on,
          verdict: "fail",
          startMs: 12,
          ms: 5000,
          code: "tcp.timeout",
        },
        { name: "redis", on, verdict: "skip" },
      ],
      result: {
        ...resolved("cache.example.com"),
        addresses: [
          {
            on,
            connect: address,
            stopped: { stage: "connect", code: "tcp.timeout", message: "no answer within 5.0 s" },
          },
        ],
      },
    },
  },
};
