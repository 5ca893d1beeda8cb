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
  {
    code: "ntp.clock_off",
    severity: "warn",
    blame: "platform",
    confidence: "likely",
    title: "This host's clock is not that of the web server that was asked",
    why:
      "NTP got no answer. By the Date of an HTTP answer the clocks differ by more than that Date can be wrong: " +
      "it is good to a second. Tokens, certificates and signatures are judged by the clock.",
    rivals: [
      "the web server's own clock is wrong",
      "a cache or proxy on the way answered with the date of an older copy",
    ],
    next: ["Ask another web server: httpDate=https://HOST. Do both say the same?"],
    docs: "https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1",
    when({ facts: { httpDate } }) {
      const { server, offsetMs, errorMs = 0, cached } = httpDate ?? {};
      if (offsetMs === undefined || cached === true || Math.abs(offsetMs) <= errorMs)
        return undefined;
      const side = offsetMs < 0 ? "ahead of" : "behind";
      return `this clock is ${Math.abs(offsetMs)} ± ${errorMs} ms ${side} that of ${server}`;
    },
  },
];
