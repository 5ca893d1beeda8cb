/** What the names of one container app, asked beside each other, tell together. */
import type { Leaf } from "../leaves.ts";
import { appNames } from "../protocols/http/environment.ts";
import { containerApps } from "./refusals/containerapps.ts";
import type { Rule } from "./rule.ts";

type State = "answers" | "unknown to the edge" | "not resolved" | "not reached";

const [unavailable] = containerApps;

function stateOf({ facts: { request }, stopped }: Leaf): State {
  if (stopped?.code.startsWith("dns.") === true) return "not resolved";
  if (request?.status === undefined) return "not reached";
  const page = unavailable?.statuses.includes(request.status) === true;
  return page && unavailable.sign(request) !== undefined ? "unknown to the edge" : "answers";
}

interface Seen {
  readonly short: State;
  readonly internal: State;
  readonly external: State;
}

/** The states of the three names, if all of them were asked; said once, for the last of them. */
function seenBy(leaf: Leaf, all: readonly Leaf[]): Seen | undefined {
  const names = appNames(hostOf(leaf));
  if (names === undefined || hostOf(leaf) !== names.external) return undefined;
  const of = (host: string) => all.find((one) => hostOf(one) === host);
  const [short, internal] = [of(names.short), of(names.internal)];
  if (short === undefined || internal === undefined) return undefined;
  return { short: stateOf(short), internal: stateOf(internal), external: stateOf(leaf) };
}

function hostOf({ on = "" }: Leaf): string {
  return on.includes("://") ? (URL.parse(on)?.hostname ?? "") : "";
}

const told = ({ short, internal, external }: Seen) =>
  `short name ${short}, with .internal. ${internal}, FQDN ${external}`;

const when =
  (holds: (seen: Seen) => boolean): Rule["when"] =>
  (leaf, all) => {
    const seen = seenBy(leaf, all);
    return seen !== undefined && holds(seen) ? told(seen) : undefined;
  };

const shared = {
  before: "http.status",
  blame: "configuration",
  docs: "https://learn.microsoft.com/azure/container-apps/connect-apps",
} as const;

export const containerAppRules: readonly Rule[] = [
  {
    ...shared,
    code: "http.aca_internal_only",
    severity: "warn",
    confidence: "likely",
    basis: "documents",
    title: "The container app answers inside its environment only",
    why: "By its FQDN the edge does not know the app, by a name of the environment it answers: its ingress is internal.",
    rivals: ["the FQDN is of another environment, or a custom domain is meant"],
    next: [
      "From inside, use the short name or the one with .internal.; from outside, make the ingress external.",
    ],
    when: when(
      ({ short, internal, external }) =>
        external === "unknown to the edge" && (internal === "answers" || short === "answers"),
    ),
  },
  {
    ...shared,
    code: "http.aca_absent",
    severity: "fail",
    confidence: "likely",
    basis: "documents",
    title: "No name of the container app leads to a running app",
    why: "The short name resolves, so this is inside the environment; and none of the names leads to an app.",
    rivals: [
      "the app is stopped, was deleted, or has no ingress",
      "no active revision gets traffic",
    ],
    next: [
      "Does the app exist in this environment, with ingress on and traffic on an active revision?",
    ],
    when: when(
      ({ short, internal, external }) =>
        short !== "not resolved" &&
        ![short, internal, external].includes("answers") &&
        external === "unknown to the edge",
    ),
  },
  {
    ...shared,
    code: "http.aca_outside",
    severity: "info",
    confidence: "possible",
    basis: "documents",
    title: "From outside the environment an internal app and a stopped one look alike",
    why: "The short name does not resolve here, so this is not the app's environment, and the edge knows no app for its FQDN.",
    rivals: [],
    next: ["Ask again from an app of the same environment."],
    when: when(
      ({ short, external }) => short === "not resolved" && external === "unknown to the edge",
    ),
  },
];
