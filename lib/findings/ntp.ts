import { meanings } from "./codes.ts";
import type { Rule } from "./rule.ts";

/** Less is what a server that is not kept in time may well drift. */
const APART_MS = 5000;

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
    code: "ntp.coarse_offset",
    severity: "warn",
    blame: "sonde",
    confidence: "possible",
    title: "This host's clock and a web server's differ",
    why:
      "NTP gave no answer, so the Date of a web server was read, which has whole seconds and is nobody's promise. " +
      "It is further away than it can be off by reading: logins by Kerberos and by tokens, and certificates, " +
      "depend on a clock that is right within minutes.",
    rivals: ["the web server's own clock is wrong", "a cache gave an old answer without its age"],
    next: [
      "Ask a second web server, run by somebody else.",
      "Open the way to a time server, or name one that answers.",
    ],
    when({ facts: { date } }) {
      if (date?.offsetMs === undefined || date.errorMs === undefined) return undefined;
      const away = Math.abs(date.offsetMs) - date.errorMs;
      return away > APART_MS ? `the Date is ${date.offsetMs} ± ${date.errorMs} ms away` : undefined;
    },
  },
];
