/** Walks for the examples of the probes that greet a dependency in its own protocol. */
import type { Step } from "../../report.ts";
import type { Walks } from "./examples.ts";
import { address, on, opened, resolved } from "./learned.ts";

const resolving: Step = { name: "resolve", verdict: "pass", startMs: 0, ms: 12 };
const connected: Step = { name: "connect", on, verdict: "pass", startMs: 12, ms: 3.5 };

const cache = { target: "redis://cache.example.com:6379" };

/** By the name of the probe. */
export const dependencies: Readonly<Record<string, Walks>> = {
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
