import type { Meanings } from "../rule.ts";

export const chain: Meanings<"chain"> = {
  "chain.loop": {
    severity: "fail",
    blame: "caller",
    confidence: "certain",
    title: "The other Sonde is this one",
    why:
      "The request left from here and came back: the name leads to this very deployment, perhaps by a gateway. " +
      "A chain ends there, or it would never end.",
    rivals: ["two deployments have the same host name setting"],
    next: ["Name a Sonde that is deployed as another app."],
  },
  "chain.refused": {
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "The other Sonde lets nobody in from here",
    why:
      "It was reached and said no. 401 is the key: none was sent, or a wrong one. 403 is an access restriction, " +
      "which judges the source address, or the other Sonde's own gate.",
    rivals: ["a gateway or firewall in front of it refused, and not the app"],
    next: [
      "401: send the other Sonde's function key as chainKey in the body of a POST, or set SONDE_CHAIN_KEYS here.",
      "403: is the source address that the refusal states allowed there? A service endpoint shows a subnet instead.",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/overview-access-restrictions",
  },
  "chain.not_sonde": {
    severity: "fail",
    blame: "caller",
    confidence: "certain",
    title: "What answered is no Sonde's echo",
    why: "The answer is HTTP, and not the report of an echo.",
    rivals: [
      "a path prefix is missing: chain=https://host/prefix",
      "a sign-in page or a gateway answered in its place",
      "the other Sonde is of a version that this one cannot read",
    ],
    next: ["Does /api/echo of that host answer with a report, asked with its key?"],
  },
};
