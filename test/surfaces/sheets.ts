/** Small fact sheets, so that a change of words in the real ones does not show here. */
import * as z from "zod";
import { line } from "../../lib/facts/read.ts";
import type { AnySheet } from "../../lib/stage.ts";

const resolve = z.object({ addresses: z.array(z.string()) });
const connect = z.object({ localAddress: z.string(), localPort: z.int() });
const handshake = z.object({ protocol: z.string(), trusted: z.boolean(), names: z.string() });

const quiet = { gauges: [], expect: {}, proves: "" };

export const sheets: readonly AnySheet[] = [
  {
    ...quiet,
    name: "resolve",
    facts: resolve,
    lines: [line(resolve, "Addresses", ["addresses"], ({ addresses }) => addresses)],
  },
  {
    ...quiet,
    name: "connect",
    facts: connect,
    lines: [
      line(connect, "From", ["localAddress", "localPort"], (seen) =>
        [seen.localAddress, seen.localPort].join(" port "),
      ),
    ],
  },
  {
    ...quiet,
    name: "handshake",
    facts: handshake,
    lines: [
      line(handshake, "TLS", ["protocol"], ({ protocol }) => protocol),
      line(handshake, "Trusted", ["trusted"], ({ trusted }) => (trusted ? "yes" : "no")),
      line(handshake, "Names", ["names"], ({ names }) => names),
    ],
  },
];
