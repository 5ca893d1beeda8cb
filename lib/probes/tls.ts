import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { resolve } from "../stages/resolve.ts";
import { asked } from "../target.ts";
import { climb } from "../walk.ts";
import { greet, schemePorts } from "../walks.ts";

const input = z.strictObject({
  target: field.target(
    { schemes: schemePorts, otherwise: "tls" },
    "host[:443], [v6]:port or a URL; the name is sent as SNI and looked for in the certificate",
  ),
  timeoutMs: field.timeoutMs,
});

export const tls: Probe<typeof input> = {
  name: "tls",
  title: "TLS handshake",
  summary: "Completes TLS with every address of a name and judges dates, name and path apart.",
  input,
  stages: [resolve, ...greet.stages],
  cost: "medium",
  example: "target=127.0.0.1:8443",
  run: ({ target }, trail) => climb(trail, target, greet),
  about: ({ target }) => ({
    target: asked(target, "tls"),
    notProved: greet.notProved,
    reproduce: greet.reproduce(target),
  }),
};
