import { meanings } from "./codes.ts";
import { containerAppRules } from "./containerapps.ts";
import { refusalRules } from "./refusals/index.ts";
import { provesPath } from "./refusals/services.ts";
import type { Leaf } from "../leaves.ts";
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
  {
    code: "http.cors_refused",
    before: "http.status",
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "A browser would not let a page of this origin call the target",
    why: "The answer to the preflight does not allow it; the page sees a network error and no status. Callers that are no browsers are not affected.",
    rivals: [
      "the preflight was answered by a gateway or a sign-in in front, not by the application",
    ],
    next: [
      "Allow the origin in one place only: the platform's CORS setting or the application, not both.",
    ],
    docs: "https://fetch.spec.whatwg.org/#http-cors-protocol",
    when({ facts: { request } }) {
      const refused = request?.cors?.verdicts.filter(({ ok }) => !ok) ?? [];
      return refused.length === 0
        ? undefined
        : refused.map((one) => `${one.header} ${one.value ?? "is missing"}: ${one.why}`).join("; ");
    },
  },
  {
    code: "http.affinity_lost",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    title: "Calls with the same cookies do not stay with one instance",
    why: "The cookies of the first answer were sent along, and later answers came from elsewhere.",
    rivals: [
      "the instance went away between the calls, by a restart or by scaling in",
      "the header that was counted does not tell instances apart",
    ],
    next: [
      "Is session affinity on at every balancer on the way, and does none of them drop the cookie?",
    ],
    when(leaf, all) {
      const { share } = leaf.facts;
      // The calls share what was counted over them: it is said once.
      return all.find((one) => one.facts.share === share) === leaf ? strayed(share) : undefined;
    },
  },
  ...containerAppRules,
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

function strayed(share: Leaf["facts"]["share"]): string | undefined {
  const { affinity, values = [] } = share ?? {};
  if (affinity === undefined || (affinity.moved === 0 && values.length < 2)) return undefined;
  const header = values.length < 2 ? "" : `, ${values.length} values of the header`;
  return `${affinity.cookie ?? "no cookie of a balancer"}, moved ${affinity.moved} times${header}`;
}
