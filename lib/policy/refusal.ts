/** One no for a whole question: the gravest of its judgements, told from where the run stands. */
import { Failure, type Code, type Detail } from "../failure.ts";
import type { Judgement } from "./judge.ts";
import type { Question } from "./policy.ts";

/** More addresses than this are not a service but a list of targets. */
const MOST_ADDRESSES = 16;

const gravest: readonly Code[] = [
  "policy.floor",
  "policy.own_address",
  "policy.denied",
  "policy.requires_auth",
  "policy.not_allowed",
];

interface No {
  readonly code: Code;
  readonly message: string;
  readonly detail: Detail;
}

/** The failure of a question, or nothing when every address is allowed. */
export function refusalOf(
  question: Question,
  judgements: readonly Judgement[],
): Failure | undefined {
  const no = noOf(question, judgements);
  if (no === undefined) return undefined;
  const later = laterHop[question.hop ?? "first"];
  if (later === undefined) return new Failure(no.code, no.message, no.detail);
  const { code, what } = later;
  return new Failure(code, `${what} is refused: ${no.message}`, { ...no.detail, because: no.code });
}

const laterHop = {
  first: undefined,
  redirect: { code: "policy.redirect", what: "the redirect" },
  route: { code: "policy.route", what: "the route" },
  // A name server that refers to another one: the server is a new target like any other.
  referral: undefined,
} as const;

function noOf({ host }: Question, judgements: readonly Judgement[]): No | undefined {
  const count = judgements.length;
  if (count > MOST_ADDRESSES) {
    const message = `${host} has ${count} addresses: at most ${MOST_ADDRESSES} are probed`;
    return { code: "policy.too_many_answers", message, detail: { count, most: MOST_ADDRESSES } };
  }
  const refused = judgements.filter((judgement) => !judgement.allowed);
  const worst = refused.toSorted((one, other) => gravity(one) - gravity(other))[0];
  if (worst?.code === undefined) return undefined;
  const { code, reason, address, class: name, rule } = worst;
  const detail = { address, class: name, ...(rule === undefined ? {} : { rule }) };
  if (refused.length < count) {
    const message = `${host} answers with ${count} addresses, not all of which may be probed: ${reason}`;
    return { code: "policy.mixed_answers", message, detail: { ...detail, because: code } };
  }
  const message = host === address ? reason : `${host} leads to a refused address: ${reason}`;
  return { code, message, detail };
}

function gravity({ code }: Judgement): number {
  return code === undefined ? gravest.length : gravest.indexOf(code);
}
