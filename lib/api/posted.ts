/**
 * Settings of another app in the body of a POST: what `az webapp config appsettings list` prints, by itself
 * or as `appsettings` beside the names of the query. They are read and dropped: no line of a log, no answer
 * and no problem ever repeats a value.
 */
import { pastedSettings } from "../platform/pasted.ts";
import { parseJson } from "../protocols/json.ts";
import { readText } from "./body.ts";
import type { Request } from "./http.ts";
import { badInput, type Refused } from "./problem.ts";

export interface Posted {
  /** The other members of the body, as a query has them. */
  readonly pairs: Readonly<Record<string, unknown>>;
  /** Absent when none were sent. */
  readonly settings: readonly (readonly [name: string, value: string])[] | undefined;
}

const none: Posted = { pairs: {}, settings: undefined };

export async function readPosted(request: Request): Promise<Posted | Refused> {
  if (request.method !== "POST") return none;
  const body = await readText(request, ["application/json"]);
  if ("problem" in body) return body;
  if (body.text === "") return none;
  return postedIn(parseJson(body.text)) ?? { problem: badInput("body", wanted) };
}

const wanted =
  "the body must be the JSON of az webapp config appsettings list, or an object that holds it as appsettings";

/** Nothing when it is neither a list of settings nor an object. */
export function postedIn(value: unknown): Posted | undefined {
  if (Array.isArray(value)) return { pairs: {}, settings: pastedSettings(value) };
  if (typeof value !== "object" || value === null) return undefined;
  const { appsettings, ...pairs } = { appsettings: undefined, ...value };
  if (appsettings === undefined) return { pairs, settings: undefined };
  return Array.isArray(appsettings) ? { pairs, settings: pastedSettings(appsettings) } : undefined;
}
