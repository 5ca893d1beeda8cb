import type { Meanings } from "../rule.ts";

export const grpc: Meanings<"grpc"> = {
  "grpc.not_grpc": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "This port does not speak gRPC",
    why: "Something answers here, and what it said is no answer of gRPC: not HTTP/2, or a page instead of a call.",
    rivals: [
      "the server wants TLS and was asked without, or the other way round: grpcs:// and grpc://",
      "a proxy in front speaks HTTP/1.1 to the outside, or answers in the server's place",
      "on Container Apps: the ingress's transport is not http2",
    ],
    next: ["Ask the same port over https:// or http://: who answers, and with what?"],
  },
  "grpc.not_serving": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The server does not say that the service serves",
    why: "The path works up to the server, and its own health check says NOT_SERVING or UNKNOWN.",
    rivals: [],
    next: ["Look at what the server's health depends on, and at its log."],
  },
  "grpc.unknown_service": {
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "The server's health check does not know this service",
    why: "The path works up to the server, and it keeps no health for the name that was asked after.",
    rivals: ["the name is spelled otherwise: it is the full one, such as package.Service"],
    next: ["Ask without a name: that is the health of the whole server."],
  },
  "grpc.status": {
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "The call ended with an error of gRPC",
    why: "gRPC is spoken here, and the call was ended with a status that is not OK.",
    rivals: [
      "14 UNAVAILABLE and 4 DEADLINE_EXCEEDED may come from a proxy in front, about the server behind it",
    ],
    next: ["The message often tells who ended the call; look at the log of that component."],
  },
};
