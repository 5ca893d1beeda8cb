/** Walks for the examples: one that passes and one that fails for each probe. */
import type { Step } from "../../report.ts";
import {
  address,
  answered,
  asked,
  climbed,
  handshake,
  on,
  opened,
  place,
  record,
  request,
  resolved,
  silent,
  steps,
  time,
} from "./learned.ts";
import { dependencies } from "./dependencies.ts";
import { located } from "./locations.ts";
import type { Walked } from "./reported.ts";

export interface Walks {
  readonly passes: Walked;
  /** Absent where nothing can fail. */
  readonly fails?: Walked;
}

const refused = { stage: "connect", code: "tcp.refused", message: "the connection was refused" };

const hop = "http://www.example.com/";

/** A hop has steps of its own, each with the URL as its subject. */
const onHop = (taken: readonly Step[]): Step[] => taken.map((step) => ({ ...step, on: hop }));

const orders = { target: "tcp://orders.example.com:1433" };
const web = { target: "www.example.com:443" };
const page = { target: "http://www.example.com/" };
const clock = { target: "time.example.com" };
const name = { name: "www.example.com", server: ["192.0.2.53"] };

const opens: Walked = {
  input: orders,
  steps: steps(["connect", 3.5]),
  result: climbed("orders.example.com", opened),
};

const server = (facts: object) => ({ servers: [{ on: "192.0.2.53:53", ...facts }] });
const queried = { name: "query", on: "192.0.2.53:53", startMs: 0, ms: 8.4 };

/** By the name of the probe. */
export const examples: Readonly<Record<string, Walks>> = {
  check: {
    passes: opens,
    fails: {
      input: orders,
      steps: steps(["connect", 5000, "tcp.timeout"]),
      result: climbed("orders.example.com", {
        connect: address,
        stopped: { stage: "connect", code: "tcp.timeout", ...silent },
      }),
    },
  },
  tcp: {
    passes: opens,
    fails: {
      input: orders,
      steps: steps(["connect", 3.2, "tcp.refused"]),
      result: climbed("orders.example.com", {
        connect: address,
        stopped: { ...refused, detail: { errno: "ECONNREFUSED" } },
      }),
    },
  },
  tls: {
    passes: {
      input: web,
      steps: steps(["connect", 3.5], ["handshake", 10.2]),
      result: climbed("www.example.com", { ...opened, handshake }),
    },
    fails: {
      input: web,
      steps: steps(["connect", 3.5], ["handshake", 5000, "tls.timeout"]),
      result: climbed("www.example.com", {
        ...opened,
        handshake: { servername: "www.example.com", checkedName: "www.example.com" },
        stopped: { stage: "handshake", code: "tls.timeout", ...silent },
      }),
    },
  },
  http: {
    passes: {
      input: page,
      steps: onHop(steps(["connect", 3.5], ["request", 22.4])),
      result: {
        hops: [{ on: hop, ...resolved("www.example.com"), ...opened, request: answered }],
      },
    },
    fails: {
      input: page,
      steps: onHop(steps(["connect", 3.5], ["request", 5000, "http.timeout"])),
      result: {
        hops: [
          {
            on: hop,
            ...resolved("www.example.com"),
            ...opened,
            request,
            stopped: { stage: "request", code: "http.timeout", ...silent },
          },
        ],
      },
    },
  },
  ntp: {
    passes: {
      input: clock,
      steps: steps(["ntp", 6.8]),
      result: climbed("time.example.com", { ntp: time }),
    },
    fails: {
      input: clock,
      steps: steps(["ntp", 5000, "ntp.timeout"]),
      result: climbed("time.example.com", {
        ntp: { server: `${on}:123`, samples: [{ outcome: "ntp.timeout" }] },
        stopped: { stage: "ntp", code: "ntp.timeout", ...silent },
      }),
    },
  },
  dns: {
    passes: {
      input: name,
      steps: [{ ...queried, verdict: "pass" }],
      result: server({
        query: { ...asked, rcode: "NOERROR", answers: [record], addresses: [place] },
      }),
    },
    fails: {
      input: name,
      steps: [{ ...queried, verdict: "fail", code: "dns.nxdomain" }],
      result: server({
        query: { ...asked, rcode: "NXDOMAIN", answers: [], addresses: [] },
        stopped: {
          stage: "query",
          code: "dns.nxdomain",
          message: "the answer is NXDOMAIN",
          detail: { rcode: "NXDOMAIN" },
        },
      }),
    },
  },
  ...dependencies,
  echo: {
    passes: {
      input: {},
      steps: [{ name: "arrive", verdict: "pass", startMs: 0, ms: 0.4 }],
      result: {
        arrive: {
          method: "GET",
          url: "https://sonde.example.com/api/echo",
          scheme: "https",
          headers: [{ name: "user-agent", value: "curl/8.14.1", setBy: "client" }],
          forwarded: [],
          client: { confidence: "claimed", evidence: [], reasons: ["no header names an address"] },
          hops: [
            { kind: "client", confidence: "claimed", evidence: [], tls: "none" },
            { kind: "worker", confidence: "proven", evidence: ["app-service"], tls: "tls" },
          ],
        },
      },
    },
  },
  ...located,
};
