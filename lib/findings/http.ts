import { meanings } from "./codes.ts";
import { refusalRules } from "./refusals/index.ts";
import { provesPath } from "./refusals/services.ts";
import type { Rule } from "./rule.ts";

/** An answer is an answer: the status speaks of the server, not of the network. */
export const httpRules: readonly Rule[] = [
  {
    ...meanings["http.status"],
    code: "http.status",
    when: ({ facts: { request } }) => statusIn(request, 500, 599),
  },
  {
    ...meanings["http.client_error"],
    code: "http.client_error",
    when: ({ facts: { request } }) =>
      request !== undefined && provesPath(request) ? undefined : statusIn(request, 400, 499),
  },
  ...refusalRules,
];

interface Answered {
  readonly status?: number | undefined;
  readonly statusText?: string | undefined;
}

function statusIn(answer: Answered | undefined, low: number, high: number): string | undefined {
  const { status, statusText = "" } = answer ?? {};
  return status !== undefined && status >= low && status <= high
    ? `HTTP status ${status} ${statusText}`.trim()
    : undefined;
}
