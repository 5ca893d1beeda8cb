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
  {
    code: "http.unhealthy",
    before: "http.status",
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "The health probe would take this instance out",
    why: "Asked as the product's health probe asks, the target answers with a status that the product does not take for healthy.",
    rivals: [
      "the probe is configured with another path, host or set of statuses than the product's default",
    ],
    next: [
      "Give the probe a path that answers with 200 by itself: no redirect, no sign-in, no host check.",
    ],
    when({ facts: { request } }) {
      const { healthy, prober, status } = request ?? {};
      return healthy === false && prober !== undefined
        ? `HTTP ${status}; ${prober.who} accepts ${prober.accepts}`
        : undefined;
    },
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
