import type { Meanings } from "../rule.ts";

export const service: Meanings<"service"> = {
  "service.timeout": {
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "Connected, and then silence",
    why: "The connection opened, and what the service should say in its own protocol did not come. That a port opens proves little: a firewall or load balancer may have opened it in the target's name.",
    rivals: [
      "a firewall or proxy accepts connections for a target that it cannot reach itself",
      "the service is hung or overloaded",
      "the port speaks another protocol, whose server waits for the client to begin",
      "the path drops large packets (MTU)",
    ],
    next: [
      "Does the service log a connection at this time? If not, something else answered.",
      "Is this the port of this protocol, with or without TLS as the scheme says?",
    ],
  },
  "service.wrong_protocol": {
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "This port speaks another protocol",
    why: "Something answered, and not in the protocol that was asked for. The evidence shows how it began.",
    rivals: [
      "a proxy or firewall answered in the service's place, for instance with an error page",
      "the port is right and expects TLS from the first octet, or does not",
    ],
    next: [
      "Compare host and port with the connection string.",
      "If it speaks TLS: use the scheme of the service with TLS.",
    ],
  },
  "service.malformed": {
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "The conversation went wrong",
    why: "The service began as expected and then sent what its protocol does not allow, or more than any greeting needs.",
    rivals: [
      "a device on the way alters the conversation",
      "a version of the protocol that is not known here",
    ],
    next: ["Greet the service with its own client from the same place, and compare."],
  },
  "service.refused": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The service answers, and turns this client away",
    why: "The service was reached and understood; it says itself why it will not go on. The evidence quotes it.",
    rivals: ["the address this app leaves from is not among those the service admits"],
    next: [
      "Read the message: it names a limit, a rule for hosts, or a state of the service.",
      "Look at the log of the service at the time of the run.",
    ],
  },
};
