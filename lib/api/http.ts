/** The least that Sonde asks of an HTTP request, and all that it answers with. */

export interface Request {
  readonly method: string;
  /** Absolute, with query string. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  text(): Promise<string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function headerOf(request: Pick<Request, "headers">, name: string): string | undefined {
  return request.headers.find(([one]) => one === name)?.[1];
}

const queries = new WeakMap<object, URLSearchParams>();

/** The names and values of the query, read once for everybody who asks. */
export function queryOf(request: Pick<Request, "url">): URLSearchParams {
  let query = queries.get(request);
  if (query === undefined) {
    query = new URLSearchParams(/\?[^#]*/.exec(request.url)?.[0]);
    queries.set(request, query);
  }
  return query;
}

/** The media type of a body, without its parameters; absent when the request says none. */
export function mediaTypeOf(request: Pick<Request, "headers">): string | undefined {
  return headerOf(request, "content-type")?.split(";")[0]?.trim().toLowerCase();
}

/** Parameters of the Functions host: accepted, ignored, never logged and never echoed. */
export const ofTheHost: ReadonlySet<string> = new Set(["code", "clientId"]);

/** On every answer: nothing is kept, nothing is guessed, nothing is read by another site. */
export const guarded: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
};

export function jsonAnswer(body: string, status = 200): Answer {
  return { status, headers: { ...guarded, "content-type": "application/json" }, body };
}
