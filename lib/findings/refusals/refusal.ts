/**
 * Reads what refused us: an answer that somebody on the way gave in the application's place, told by
 * its status, a header or a phrase of its page.
 */
import type { LeafFacts } from "../../leaves.ts";
import { defined } from "../../platform/values.ts";
import type { Meaning, Rule } from "../rule.ts";

/** What is known of an answer; any part may be missing. */
export type Answer = NonNullable<LeafFacts["request"]>;

export interface Refusal extends Meaning {
  readonly code: string;
  /** Who answers like this, as a noun: `the App Service front end`. */
  readonly by: string;
  /**
   * What the recogniser rests on: documents of the vendor (or the source of an open component), answers
   * that users recorded and nobody promised, or, by `undefined`, a server that tests run.
   */
  readonly basis: Meaning["basis"];
  /** The statuses it comes with: anything else is not looked at. */
  readonly statuses: readonly number[];
  /** What gives it away, in a few words. */
  readonly sign: (answer: Answer) => string | undefined;
}

const unproved =
  "This form is known from recorded answers, not from documentation: take it as consistent with, not as proof.";

/** A refusal as a rule. It leads over what the status alone would say. */
export function ruleOf({ by, statuses, sign, ...meaning }: Refusal): Rule {
  return {
    ...meaning,
    why: meaning.basis === "unverified" ? `${meaning.why} ${unproved}` : meaning.why,
    before: "http.status",
    when({ facts }) {
      const answer = answerIn(facts);
      const { status } = answer ?? {};
      if (answer === undefined || status === undefined || !statuses.includes(status)) return;
      const found = sign(answer);
      return found === undefined ? undefined : `HTTP ${status} as ${by} gives it: ${found}`;
    },
  };
}

/** What a request was answered, or an upgrade that opened no WebSocket. */
function answerIn({ request, upgrade: { answer, asked, refused } = {} }: LeafFacts) {
  if (request !== undefined || refused === undefined) return request;
  const { headers, text, seenAs } = refused;
  const body = { text, bytes: text.length, decodedBytes: text.length, truncated: false };
  const known = { ...defined("status", answer), ...defined("url", asked) };
  return { ...known, headers, body, ...defined("seenAs", seenAs) } satisfies Answer;
}

/** The first of the phrases that the page holds, quoted. Pages are matched without regard to case. */
export function says(...phrases: readonly string[]): Refusal["sign"] {
  return ({ body }) => {
    const text = body?.text.toLowerCase() ?? "";
    const found = phrases.find((phrase) => text.includes(phrase.toLowerCase()));
    return found === undefined ? undefined : `"${found}"`;
  };
}

/** The value of a header; the last one where it came several times. */
export function headerOf({ headers = {} }: Answer, name: string): string | undefined {
  return [headers[name]].flat().at(-1);
}
