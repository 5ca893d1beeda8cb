/** The examples of `names`. */
import { opened, resolved } from "./learned.ts";
import type { Walks } from "./examples.ts";

const host = "orders.example.com";
const on = "192.0.2.10";
const endpoint = "192.0.2.20";

const looked = (address: string, entry: string, why: string) => ({
  ...resolved(host),
  own: {
    name: host,
    role: "site",
    entry,
    why,
    addresses: [{ address, class: "documentation" }],
    aliases: [],
  },
});

const shown = {
  subject: "CN=*.example.com",
  issuer: "CN=Example Issuing CA",
  names: ["DNS:*.example.com"],
  sha1: "0123456789abcdef0123456789abcdef01234567",
  daysLeft: 120,
  isForName: true,
};

export const namedWalks: Walks = {
  passes: {
    input: {},
    steps: [
      { name: "resolve", on: host, verdict: "pass", startMs: 0, ms: 8 },
      { name: "own", on: host, verdict: "pass", startMs: 8, ms: 0.1 },
      { name: "connect", on, verdict: "pass", startMs: 8.1, ms: 3.5 },
      { name: "presented", on, verdict: "pass", startMs: 11.6, ms: 20 },
    ],
    result: {
      names: [
        {
          on: host,
          ...looked(on, "shared", `${host} is on the way`),
          addresses: [
            {
              on,
              ...opened,
              presented: { servername: host, withName: shown, withoutName: shown, same: true },
            },
          ],
        },
      ],
    },
  },
  fails: {
    input: {},
    steps: [
      { name: "resolve", on: host, verdict: "pass", startMs: 0, ms: 8 },
      { name: "own", on: host, verdict: "pass", startMs: 8, ms: 0.1 },
      {
        name: "connect",
        on: endpoint,
        verdict: "fail",
        startMs: 8.1,
        ms: 5000,
        code: "tcp.timeout",
      },
    ],
    result: {
      names: [
        {
          on: host,
          ...looked(endpoint, "private-endpoint", "a name of App Service resolves privately"),
          addresses: [
            {
              on: endpoint,
              stopped: { stage: "connect", code: "tcp.timeout", message: "no answer within 5.0 s" },
            },
          ],
        },
      ],
    },
  },
};
