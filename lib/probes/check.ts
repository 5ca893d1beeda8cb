import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import type { Branch } from "../report.ts";
import { readyToRequest, request } from "../stages/request.ts";
import { resolve } from "../stages/resolve.ts";
import { setting } from "../stages/setting.ts";
import { asked, type Target } from "../target.ts";
import { climb, type Walk } from "../walk.ts";
import { impliedSchemes, open, schemePorts, walks } from "../walks.ts";

const input = z.strictObject({
  target: field.target(
    { schemes: schemePorts, ports: impliedSchemes, otherwise: "https", atAnyPort: "tcp" },
    "[scheme://]host[:port][/path]; without a scheme a well-known port decides, any other is tcp, and a name alone https. Of a connection string host and port are read; several targets are a suite",
  ),
  setting: z
    .string()
    .max(200)
    .optional()
    .describe("Instead of a target, an app setting that names one; its value is never shown"),
  timeoutMs: field.timeoutMs,
});

const walkOf = (target: Target): Walk => walks[target.scheme] ?? open;

export const check: Probe<typeof input> = {
  name: "check",
  title: "Reachability check",
  summary: "Climbs from the name to the protocol and names the step that breaks.",
  input,
  stages: [...new Set([setting, resolve, ...Object.values(walks).flatMap((walk) => walk.stages)])],
  cost: "medium",
  example: "target=http://127.0.0.1:7071/api/health",
  ready: ({ target }) => (walkOf(target).stages.includes(request) ? readyToRequest() : undefined),
  async run({ target, setting: name }, trail) {
    if (name !== undefined) await trail.take(setting, name);
    await climb(trail, target, walkOf(target));
  },
  about: ({ target }, result) => ({
    target: asked(target),
    notProved: walkOf(target).notProved,
    reproduce: [
      ...(target.isAddress ? [] : [`dig ${target.host} A`]),
      ...walkOf(target).reproduce(target, firstIn(result)),
    ],
  }),
};

/** The first address that was dialled, as its branch is called. */
function firstIn({ addresses }: Branch): string | undefined {
  const branches: readonly Branch[] = Array.isArray(addresses) ? addresses : [];
  return branches[0]?.on;
}
