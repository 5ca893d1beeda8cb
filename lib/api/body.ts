/** The body of a POST: a flat JSON object whose keys are the names of the query. */
import { parseJson } from "../protocols/json.ts";
import { mediaTypeOf, type Request } from "./http.ts";
import { badInput, type Refused } from "./problem.ts";
import type { Pair } from "./decode.ts";

/** Longer bodies are refused before they are parsed: deep nesting costs the loop a second per 10 MB. */
const MOST = 256 * 1024;

/** What curl says of a body unless it is told otherwise. */
const FORM = "application/x-www-form-urlencoded";

export async function readBody(
  request: Request,
): Promise<{ readonly pairs: readonly Pair[] } | Refused> {
  if (request.method !== "POST") return { pairs: [] };
  const body = await readText(request, ["application/json"]);
  if ("problem" in body) return body;
  const { text } = body;
  if (text === "") return { pairs: [] };
  const parsed = parse(text);
  if (parsed === undefined) {
    return { problem: badInput("body", 'the body must be a JSON object, such as {"target": "…"}') };
  }
  return { pairs: pairsOf(parsed) };
}

export type Body = { readonly text: string; readonly type: string | undefined };

/** A body of one of these types, or of none. Empty when there is nothing but white space in it. */
export async function readText(
  request: Request,
  types: readonly string[],
  most = MOST,
): Promise<Body | Refused> {
  const text = await request.text();
  const type = mediaTypeOf(request);
  if (text.trim() === "") return { text: "", type };
  if (text.length > most) {
    const detail = `the body is longer than ${most} characters`;
    return { problem: { status: 413, code: "request.too_large", title: "Too large", detail } };
  }
  if (type === undefined || types.includes(type)) return { text, type };
  const hint = type === FORM ? `: with curl -d say -H 'content-type: ${types[0]}' as well` : "";
  const detail = `the body must be ${types.join(" or ")}, not ${type}${hint}`;
  return { problem: { status: 415, code: "request.media_type", title: "Unsupported", detail } };
}

/** The names and values of a JSON object, as a query has them. */
export function pairsOf(object: object): Pair[] {
  return Object.entries(object)
    .filter(([name]) => !sentByGates.has(name))
    .flatMap(flatten);
}

/**
 * What the AzureFunction task of Azure Pipelines puts into every body unless it is told another: where it
 * runs, and a token of the job. None of it is for us; it is left unread, and never logged or echoed.
 * https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/azure-function-v0
 */
const sentByGates: ReadonlySet<string> = new Set([
  "AuthToken",
  "HubName",
  "JobId",
  "PlanId",
  "PlanUrl",
  "ProjectId",
  "TaskInstanceId",
  "TimelineId",
  "VstsUrl",
]);

/** Whether an object came from such a task. */
export function isFromGate(object: object): boolean {
  return Object.keys(object).some((name) => sentByGates.has(name));
}

function parse(text: string): object | undefined {
  const value = parseJson(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** `{"expect": {"certDays": 30}}` is `expect.certDays=30`; an array is a repeated name. What is empty is told. */
function flatten([name, value]: [string, unknown]): Pair[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((one: unknown): Pair => [name, one]);
  }
  if (typeof value === "object" && value !== null) {
    const inside = Object.entries(value);
    if (inside.length === 0) return [[name, value]];
    return inside.map(([key, inner]): Pair => [`${name}.${key}`, inner]);
  }
  return [[name, value]];
}
