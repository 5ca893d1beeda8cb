import { meanings } from "./codes.ts";
import type { Rule } from "./rule.ts";

/** A server that answers some questions and then bids us stop is no outage, but it wants to be heard. */
export const ntpRules: readonly Rule[] = [
  {
    ...meanings["ntp.kod"],
    code: "ntp.kod",
    severity: "warn",
    when: ({ facts, stopped }) =>
      facts.ntp?.kiss !== undefined && stopped === undefined
        ? `after some answers the server sent the kiss-o'-death ${facts.ntp.kiss}`
        : undefined,
  },
];
