import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { resolve } from "../stages/resolve.ts";
import { asked } from "../target.ts";
import { climb } from "../walk.ts";
import { open, schemePorts } from "../walks.ts";

const input = z.strictObject({
  target: field.target(
    { schemes: schemePorts, otherwise: "tcp" },
    "host:port, [v6]:port or a URL; a name is resolved as the application would",
  ),
  timeoutMs: field.timeoutMs,
});

export const tcp: Probe<typeof input> = {
  name: "tcp",
  title: "TCP connection",
  summary: "Opens a TCP connection to every address of a name.",
  input,
  stages: [resolve, ...open.stages],
  cost: "medium",
  example: "target=127.0.0.1:7071",
  run: ({ target }, trail) => climb(trail, target, open),
  about: ({ target }) => ({
    target: asked(target, "tcp"),
    notProved: open.notProved,
    reproduce: open.reproduce(target),
  }),
};
