/** Problem details: RFC 9457. What was wrong with the request, by name, and the nearest right thing. */
import type { Stopped } from "../report.ts";
import { json } from "../surfaces/safe.ts";
import { guarded, type Answer } from "./http.ts";

export interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 410 | 413 | 415 | 421 | 429 | 500 | 503 | 508;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Further members: `parameter`, `suggestion`, `address`, `class`, `rule`, … */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Seconds until it is worth asking again. */
  readonly retryAfter?: number;
}

/** Instead of what was asked for. */
export interface Refused {
  readonly problem: Problem;
}

export function problemAnswer({ status, code, title, detail, more, retryAfter }: Problem): Answer {
  const known = { type: `urn:sonde:problem:${code}`, title, status, detail, code };
  return {
    status,
    headers: {
      ...guarded,
      "content-type": "application/problem+json",
      "sonde-verdict": "error",
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    },
    body: `${json({ ...known, ...more }, 2)}\n`,
  };
}

/** Bad input: names the parameter and, where one is near, the right one. */
export function badInput(parameter: string, detail: string, suggestion?: string): Problem {
  const more = suggestion === undefined ? { parameter } : { parameter, suggestion };
  return { status: 400, code: "request.invalid", title: "Bad request", detail, more };
}

/** A no of the policy to all that was asked: the caller's news, or the deployment's where a rule is wrong. */
export function policyProblem({ code, message, detail = {} }: Stopped): Problem {
  const invalid = code === "policy.invalid";
  const title = invalid ? "The policy cannot be read" : "Refused by policy";
  return { status: invalid ? 503 : 403, code, title, detail: message, more: detail };
}
