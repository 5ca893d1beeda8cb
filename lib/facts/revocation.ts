import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  places: z
    .array(
      z.object({
        url: z.string(),
        kind: z.enum(["crl", "ocsp"]),
        reachable: z.boolean(),
        code: z.string().optional().describe("Why it is not reachable"),
      }),
    )
    .describe("Where the certificate says that its revocation can be looked up"),
});

export const revocationSheet = {
  name: "revocation",
  proves: "whether revocation can be looked up from here",
  facts,
  lines: [
    line(facts, "Revocation", ["places"], ({ places }) =>
      places.length === 0
        ? "the certificate names no place to look it up"
        : places.map(({ kind, url, reachable, code = "not reachable" }) =>
            [
              `${kind} ${url}:`,
              reachable ? "reachable" : code === "sonde.untestable" ? "not tried" : code,
            ].join(" "),
          ),
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"revocation", typeof facts>;
