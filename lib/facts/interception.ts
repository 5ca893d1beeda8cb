import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  hosts: z
    .array(
      z.object({
        host: z.string(),
        issuer: z.string().optional().describe("Who signed the certificate that was shown"),
        root: z.string().optional().describe("Where its chain ends, as far as it is known"),
        isPublic: z.boolean().optional().describe("The root is one of those that Node ships"),
        code: z.string().optional().describe("Why no certificate was seen"),
      }),
    )
    .describe("Hosts that are known to have a public certificate"),
  intercepted: z
    .enum(["all", "some", "none", "unknown"])
    .describe("How many of those that answered showed a certificate that is not public"),
});

/** Whether TLS is inspected on the way out, as control hosts tell. */
export const interceptionSheet = {
  name: "interception",
  proves: "whether TLS to hosts with public certificates is intercepted",
  facts,
  lines: [
    line(facts, "Intercepted", ["intercepted"], ({ intercepted }) => intercepted),
    line(facts, "Controls", ["hosts"], ({ hosts }) =>
      hosts.map(({ host, root, isPublic, code }) =>
        isPublic === undefined
          ? `${host}: ${code ?? "no certificate was seen"}`
          : `${host}: ${isPublic ? "public" : "not public"}, ${root ?? "unknown root"}`,
      ),
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"interception", typeof facts>;
