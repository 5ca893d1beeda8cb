/** A walk to the identity endpoint, and one on which it hands out no token. */
import type { Walks } from "./examples.ts";
import { on, opened, resolved } from "./learned.ts";

const looked = { name: "resolve", verdict: "pass", startMs: 0, ms: 0.1 } as const;
const dialled = { name: "connect", on, verdict: "pass", startMs: 0.1, ms: 0.6 } as const;
const refused = "no identity is assigned";

export const identified: Readonly<Record<string, Walks>> = {
  identity: {
    passes: {
      input: {},
      steps: [looked, dialled, { name: "identity", on, verdict: "pass", startMs: 0.7, ms: 2.1 }],
      result: {
        ...resolved("192.0.2.10"),
        addresses: [{ on, ...opened, identity: { status: 400 } }],
      },
    },
    fails: {
      input: { token: true },
      steps: [
        looked,
        dialled,
        { name: "identity", on, verdict: "fail", startMs: 0.7, ms: 41, code: "identity.no_token" },
      ],
      result: {
        ...resolved("192.0.2.10"),
        addresses: [
          {
            on,
            ...opened,
            identity: {
              status: 500,
              resource: "https://management.azure.com/",
              issued: false,
              said: refused,
            },
            stopped: {
              stage: "identity",
              code: "identity.no_token",
              message: `HTTP 500 and no token: ${refused}`,
            },
          },
        ],
      },
    },
  },
};
