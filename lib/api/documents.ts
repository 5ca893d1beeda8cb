/** What Sonde says of itself: health, the policy in force, the catalogue of findings. */
import { codes } from "../failure.ts";
import { meanings } from "../findings/codes.ts";
import { rules } from "../findings/index.ts";
import type { Rule } from "../findings/rule.ts";
import { json } from "../surfaces/safe.ts";
import type { Edge } from "./edge.ts";
import { refuseCrossSite, refuseEntry } from "./gate.ts";
import { jsonAnswer, type Answer, type Request } from "./http.ts";
import { problemAnswer } from "./problem.ts";
import { describeLimits } from "./settings.ts";

export interface Document {
  readonly name: string;
  readonly summary: string;
  /** Anonymous documents hold no data about the app or its network. */
  readonly anonymous: boolean;
  write(edge: Edge): unknown;
}

const health: Document = {
  name: "health",
  summary: "Whether Sonde is alive.",
  anonymous: true,
  write: () => ({ status: "ok" }),
};

const policy: Document = {
  name: "policy",
  summary: "What may be probed: the rules in canonical form, and the limits.",
  anonymous: false,
  write: ({ policy: { canonical, problem }, settings }) => ({
    auth: settings.auth,
    rules: canonical,
    ...(problem === undefined ? {} : { problem }),
    floor: "loopback, link-local, metadata, multicast and platform addresses are never probed",
    limits: describeLimits(settings.limits),
    rates: settings.local ? "off on the local host; caps on what is under way hold" : "on",
    perInstance: "limits are kept by each instance on its own",
    ...(settings.expires === undefined ? {} : { expires: settings.expires.toISOString() }),
  }),
};

const findings: Document = {
  name: "findings",
  summary: "Every conclusion that Sonde can draw, with its meaning and next steps.",
  anonymous: false,
  write: () => ({
    findings: [
      ...codes.map((code) => ({ code, ...meanings[code] })),
      ...rules.filter(({ code }) => !codes.some((one) => one === code)).map(meaningOf),
    ],
  }),
};

function meaningOf(rule: Rule) {
  const { code, severity, blame, confidence, title, why, rivals, next } = rule;
  return { code, severity, blame, confidence, title, why, rivals, next };
}

export const documents: readonly Document[] = [health, policy, findings];

/** Health answers whatever else is closed; the others obey the gate. */
export function answerDocument(document: Document, request: Request, edge: Edge): Answer {
  const closed = document.anonymous
    ? undefined
    : (refuseEntry(edge, request) ?? refuseCrossSite(request));
  if (closed !== undefined) return problemAnswer(closed);
  return jsonAnswer(`${json(document.write(edge), 2)}\n`);
}
