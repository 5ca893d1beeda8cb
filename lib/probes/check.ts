import * as z from "zod";
import { Failure } from "../failure.ts";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { remembering } from "../repeat.ts";
import { pasted } from "../stages/pasted.ts";
import { readyToRequest, request } from "../stages/request.ts";
import { resolve } from "../stages/resolve.ts";
import { setting } from "../stages/setting.ts";
import { reported, type Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { addressToRepeat, climb, type Walk } from "../walk.ts";
import { impliedSchemes, open, schemePorts, walks } from "../walks.ts";
import { lookAround, reproduceViews, viewStages } from "./check-views.ts";

const input = z.strictObject({
  target: field.targetOrConnection(
    { schemes: schemePorts, ports: impliedSchemes, otherwise: "https", atAnyPort: "tcp" },
    "[scheme://]host[:port][/path]; without a scheme a well-known port decides, any other is tcp, and a name alone https. Of a connection string host and port are read; several targets are a suite",
  ),
  setting: z
    .string()
    .max(200)
    .optional()
    .describe("Instead of a target, an app setting that names one; its value is never shown"),
  views: z
    .enum(["auto", "all"])
    .default("auto")
    .describe(
      "Whether c-ares and every configured name server are asked for the name as well: `auto` when the name or every address of it fails, `all` always",
    ),
  timeoutMs: field.timeoutMs,
});

const walkOf = (target: Target): Walk => walks[target.scheme] ?? open;

export const check: Probe<typeof input> = {
  name: "check",
  title: "Reachability check",
  summary: "Climbs from the name to the protocol and names the step that breaks.",
  input,
  stages: [
    ...new Set([setting, pasted, resolve, ...Object.values(walks).flatMap((walk) => walk.stages)]),
    ...viewStages,
  ],
  cost: "medium",
  example: "target=http://127.0.0.1:7071/api/health",
  ready: ({ target }) => (walkOf(target).stages.includes(request) ? readyToRequest() : undefined),
  async run(question, trail, { reachable = true }) {
    const { connection } = question.target;
    if (connection !== undefined) await trail.take(pasted, connection);
    if (question.setting !== undefined) await trail.take(setting, question.setting);
    const ended = await ascend(trail, question.target);
    // Of what stays closed as it must, nobody asks why.
    const isAmiss = !ended.answered && reachable;
    if (question.views === "all" || isAmiss) await lookAround(trail, { ...question, ...ended });
    if (ended.no !== undefined) throw ended.no;
  },
  about: ({ target }, result) => ({
    target: reported(target),
    notProved: walkOf(target).notProved,
    reproduce: [
      ...reproduceViews(target, result),
      ...walkOf(target).reproduce(target, addressToRepeat(result)),
    ],
  }),
};

interface Ended {
  /** Whether any address was climbed to its end. */
  readonly answered: boolean;
  /** Whether the system resolver may be asked once more: not when it is the one that hangs. */
  readonly again: boolean;
  readonly addresses: readonly string[];
  /** What ended the run before any address. */
  readonly no?: Failure;
}

const hanging = new Set<string>(["dns.timeout", "dns.system_busy"]);

/** Climbs, and keeps the no of the name, so that others can be asked before the run ends with it. */
async function ascend(trail: Trail, target: Target): Promise<Ended> {
  const { walk, tried } = remembering(walkOf(target));
  try {
    await climb(trail, target, walk);
    const answered = tried.some(({ connected }) => connected);
    return { answered, again: true, addresses: tried.map(({ address }) => address) };
  } catch (error) {
    // What the policy refuses is not asked about elsewhere.
    if (!(error instanceof Failure) || !error.code.startsWith("dns.")) throw error;
    return { answered: false, again: !hanging.has(error.code), addresses: [], no: error };
  }
}
