import * as z from "zod";
import * as field from "../fields.ts";
import { greetings, servicePorts, serviceSchemes } from "../greetings.ts";
import type { Probe } from "../probe.ts";
import { resolve } from "../stages/resolve.ts";
import { reported, type Target } from "../target.ts";
import { climb, type Walk } from "../walk.ts";
import { open } from "../walks.ts";

const input = z.strictObject({
  target: field.target(
    { schemes: servicePorts, ports: serviceSchemes },
    "scheme://host[:port], where the scheme names the service; a well-known port implies it",
  ),
  timeoutMs: field.timeoutMs,
});

/** Every scheme that the input takes has one. */
const walkOf = ({ scheme }: Target): Walk => greetings[scheme] ?? open;

export const service: Probe<typeof input> = {
  name: "service",
  title: "Service greeting",
  summary:
    "Greets a dependency in its own protocol, without credentials, on every address of a name.",
  input,
  stages: [...new Set([resolve, ...Object.values(greetings).flatMap((walk) => walk.stages)])],
  cost: "medium",
  example: "target=redis://127.0.0.1:6379",
  run: ({ target }, trail) => climb(trail, target, walkOf(target)),
  about: ({ target }) => ({
    target: reported(target),
    notProved: walkOf(target).notProved,
    reproduce: walkOf(target).reproduce(target),
  }),
};
