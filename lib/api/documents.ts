/** What Sonde says of itself: health, the policy in force, the catalogue of findings, its own API. */
import { catalogue } from "../findings/catalogue.ts";
import { suiteSchema } from "../suite/document.ts";
import { json } from "../surfaces/safe.ts";
import type { Edge } from "./edge.ts";
import { refuseCrossSite, refuseEntry } from "./gate.ts";
import { jsonAnswer, type Answer, type Request } from "./http.ts";
import { openapi } from "./openapi.ts";
import { reportSchema } from "./openapi/schemas.ts";
import { problemAnswer, type Problem } from "./problem.ts";
import { describeLimits } from "./settings.ts";

export interface Document {
  /** The name of its function. */
  readonly name: string;
  /** Below `/api/`, where that is not the name: a function's name holds no dot and no slash. */
  readonly route?: string;
  readonly summary: string;
  /** An anonymous document holds no data about the app or its network, so it is always the same. */
  readonly anonymous: boolean;
  /** Answers even when Sonde is closed. */
  readonly always?: true;
  write(edge: Edge): unknown;
}

const health: Document = {
  name: "health",
  summary: "Whether Sonde is alive.",
  anonymous: true,
  always: true,
  write: () => ({ status: "ok" }),
};

const FLOOR = "link-local, metadata, multicast and platform addresses are never probed";

const policy: Document = {
  name: "policy",
  summary: "What may be probed: the rules in canonical form, and the limits.",
  anonymous: false,
  write: ({ policy: { canonical, problem }, settings }) => ({
    auth: settings.auth,
    rules: canonical,
    ...(problem === undefined ? {} : { problem }),
    floor: canonical.includes("@loopback")
      ? `${FLOOR}; loopback where a rule says so`
      : `loopback, ${FLOOR}`,
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
  write: () => ({ findings: catalogue() }),
};

const description: Document = {
  name: "openapi",
  route: "openapi.json",
  summary: "The API of Sonde, as OpenAPI 3.1.",
  anonymous: true,
  write: () => openapi(documents),
};

const schema: Document = {
  name: "reportSchema",
  route: "schemas/report.json",
  summary: "The JSON Schema of a report.",
  anonymous: true,
  write: reportSchema,
};

const suite: Document = {
  name: "suiteSchema",
  route: "schemas/suite.json",
  summary: "The JSON Schema of a suite of smoke checks.",
  anonymous: true,
  write: suiteSchema,
};

export const documents: readonly Document[] = [
  health,
  policy,
  findings,
  description,
  schema,
  suite,
];

/** Health answers whatever else is closed; the others obey the gate. */
export function answerDocument(document: Document, request: Request, edge: Edge): Answer {
  const closed = refusalOf(document, request, edge);
  return closed === undefined ? jsonAnswer(textOf(document, edge)) : problemAnswer(closed);
}

function refusalOf(document: Document, request: Request, edge: Edge): Problem | undefined {
  if (document.always === true) return undefined;
  const closed = refuseEntry(edge, request);
  if (!document.anonymous) return closed ?? refuseCrossSite(request);
  // Nobody has to be signed in for what holds no data.
  return closed?.status === 401 ? undefined : closed;
}

const kept = new WeakMap<Document, string>();

/** What is always the same is written once, at its first request. */
function textOf(document: Document, edge: Edge): string {
  const before = kept.get(document);
  if (before !== undefined) return before;
  const text = `${json(document.write(edge), 2)}\n`;
  if (document.anonymous) kept.set(document, text);
  return text;
}
