import type { Meanings } from "../rule.ts";

export const ntp: Meanings<"ntp"> = {
  "ntp.timeout": {
    severity: "fail",
    blame: "network",
    confidence: "likely",
    title: "No answer from the time server",
    why: "The question was sent and nothing came back in time. UDP gives no sign whether it arrived; a closed port would have said so, unless that word was discarded as well.",
    rivals: [
      "a firewall, security group or provider discards UDP port 123, on the way there or back",
      "the server does not serve this client: most servers are silent towards clients they do not allow",
      "the server limits the rate and drops what is above it",
      "the server is down",
    ],
    next: [
      "Check the rules on the way for UDP 123, in both directions.",
      "Which clients does the server allow (`allow` of chrony, `restrict` of ntpd), and is the address this app leaves from among them?",
      "Ask another server: does any NTP answer get through?",
      "Meanwhile httpDate=HOST asks a web server for its Date: good to a second, and enough for tokens and certificates.",
    ],
    docs: "https://www.rfc-editor.org/rfc/rfc5905",
  },
  "ntp.kod": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The time server sent a kiss-o'-death",
    why: "The server answered with a code instead of the time: a client that gets it is bound to slow down (RATE) or to stop asking (DENY, RSTR). To whoever only looks for an answer such a server seems healthy.",
    rivals: [
      "another client behind the same address asks too often",
      "a device that answers in the server's name enforces a limit",
    ],
    next: [
      "With RATE: wait some minutes before the next question, and count the clients that share this app's outbound address.",
      "With DENY or RSTR: is the address this app leaves from among those the server serves?",
    ],
    docs: "https://www.rfc-editor.org/rfc/rfc5905#section-7.4",
  },
  "ntp.unsynchronised": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The time server has no time to give",
    why: "The server answers, and says of itself that its clock is not set by any source. Clients that follow the protocol ignore such answers.",
    rivals: [
      "the server started or was set a short time ago, and is not ready yet",
      "the server has lost its own sources for too long",
    ],
    next: [
      "Look at the sources of the server: `chronyc sources`, `ntpq -p` or `w32tm /query /status` there.",
      "Can the server reach its own sources on UDP 123?",
      "Ask again in some minutes: a fresh server needs a few exchanges.",
    ],
    docs: "https://www.rfc-editor.org/rfc/rfc5905#section-7.3",
  },
  "ntp.malformed": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The answer is not one to this question",
    why: "Something came back, and it is not an answer of an NTP server to what was asked, or contradicts itself. Nothing is concluded from it, because whoever can send such packets could also send a wrong time.",
    rivals: [
      "something other than a time server listens on this port",
      "a device on the way answers or rewrites NTP",
      "somebody forges answers without seeing the questions",
    ],
    next: [
      "Is this the address and the port of a time server?",
      "Ask from another network: does only this path break the answer?",
    ],
    docs: "https://www.rfc-editor.org/rfc/rfc5905#section-8",
  },
};
