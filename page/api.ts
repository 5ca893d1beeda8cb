/** Asks this Sonde, and tells its own answers from those of the platform in front of it. */
import type { Report } from "../lib/report.ts";
import { isKnown, known, number, parse, text, type Known } from "./known.ts";
import { isReport } from "./shape.ts";

/** Why there is no report. `status` 0: nobody answered at all. */
export interface Trouble {
  readonly status: number;
  /** The problem as Sonde put it (RFC 9457); absent when something in front of it answered. */
  readonly problem: Known | undefined;
  /** Seconds until it is worth asking again. */
  readonly retryAfter: number | undefined;
  /** The address that an access restriction of App Service has turned away. */
  readonly turnedAway?: string | undefined;
}

export type Answer =
  | { readonly report: Report }
  | { readonly document: Known }
  | { readonly trouble: Trouble };

export interface Ask {
  readonly key: string;
  readonly signal?: AbortSignal;
  /** Parameters of a probe, or a suite in YAML: sent as a body, so that no log of URLs keeps a target. */
  readonly input?: Known | string | undefined;
  /** Without cookies, so that no balancer keeps us at one instance. Without its sign-in, too. */
  readonly cookieless?: boolean;
}

/**
 * Asks `api/<name>`, relative to the page, so that a path prefix in front is kept. Rejects only when
 * it was aborted.
 */
export async function ask(name: string, asked: Ask): Promise<Answer> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(`api/${name}`, requestOf(asked));
    body = await response.text();
  } catch (error) {
    if (asked.signal?.aborted === true) throw error;
    return { trouble: { status: 0, problem: undefined, retryAfter: undefined } };
  }
  return read(response, parse(body));
}

function requestOf({ key, signal, input, cookieless }: Ask): RequestInit {
  const raw = typeof input === "string";
  return {
    ...(input === undefined ? {} : { method: "POST", body: raw ? input : JSON.stringify(input) }),
    headers: {
      accept: "application/json",
      ...(key === "" ? {} : { "x-functions-key": key }),
      ...(input === undefined ? {} : { "content-type": `application/${raw ? "yaml" : "json"}` }),
    },
    ...(signal === undefined ? {} : { signal }),
    cache: "no-store",
    credentials: cookieless === true ? "omit" : "same-origin",
    // A redirect leads to a sign-in, never to an answer.
    redirect: "manual",
  };
}

function read(response: Response, value: unknown): Answer {
  if (isReport(value)) return { report: value };
  if (response.ok && isKnown(value)) return { document: value };
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  const problem = known(value);
  return {
    trouble: {
      status: response.type === "opaqueredirect" ? 401 : response.status,
      problem: text(problem["code"]) === undefined ? undefined : problem,
      turnedAway: response.headers.get("x-ms-forbidden-ip") ?? undefined,
      retryAfter: Number.isFinite(wait) ? wait : number(problem["retryAfterSeconds"]),
    },
  };
}
