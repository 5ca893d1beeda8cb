import type { Meanings } from "../rule.ts";

export const stun: Meanings<"stun"> = {
  "stun.timeout": {
    severity: "fail",
    blame: "network",
    confidence: "likely",
    title: "No answer from the STUN server",
    why: "The request was sent again and again by the schedule of the protocol, and nothing came back.",
    rivals: [
      "a firewall, security group or provider discards UDP to this port, on the way there or back",
      "the server is down, or does not serve this client",
    ],
    next: [
      "Repeat with transport=tcp: if that answers, it is UDP that does not get through.",
      "Check the rules on the way for this UDP port, in both directions.",
    ],
    docs: "https://www.rfc-editor.org/rfc/rfc8489#section-6.2.1",
  },
  "stun.malformed": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The answer is not one of STUN",
    why: "Something came back that belongs to our request and does not say where we were seen.",
    rivals: ["a device on the way rewrites STUN", "another service listens on this port"],
    next: ["Is this the address and the port of a STUN server?"],
    docs: "https://www.rfc-editor.org/rfc/rfc8489",
  },
  "stun.refused": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The STUN server answers with an error",
    why: "The server was reached and will not say where it sees us; its number and words are in the evidence.",
    rivals: ["the server answers to authenticated clients only (401)", "it points elsewhere (300)"],
    next: ["Ask a server that serves anybody, or look at its configuration."],
    docs: "https://www.rfc-editor.org/rfc/rfc8489#section-14.8",
  },
};
