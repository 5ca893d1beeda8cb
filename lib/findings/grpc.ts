/** What the end of a gRPC call says beyond its failure. */
import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

const ended = (...names: readonly string[]): Rule["when"] => {
  return ({ facts: { grpc } }: Leaf) =>
    grpc?.statusName !== undefined && names.includes(grpc.statusName)
      ? `gRPC status ${grpc.grpcStatus} ${grpc.statusName}${grpc.message === undefined ? "" : `: ${grpc.message}`}`
      : undefined;
};

export const grpcRules: readonly Rule[] = [
  {
    code: "grpc.no_health",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    title: "gRPC is spoken here, and nobody answers for its health",
    why: "The call ended with UNIMPLEMENTED: whoever answered has no grpc.health.v1 service.",
    rivals: [
      "a proxy in front that knows no route for this host or path answers just so",
      "the server has no health service, which is nothing wrong by itself",
    ],
    next: ["Register the health service of your gRPC library, or expect.grpcStatus=UNIMPLEMENTED."],
    when: ended("UNIMPLEMENTED"),
  },
  {
    code: "grpc.unauthenticated",
    severity: "info",
    blame: "caller",
    confidence: "certain",
    title: "The path is fine; who calls is unproven",
    why: "The server speaks gRPC and wants to know who calls before it answers. Sonde sends no credentials.",
    rivals: [],
    next: ["If this is what you expect, say so: expect.grpcStatus=UNAUTHENTICATED."],
    when: ended("UNAUTHENTICATED", "PERMISSION_DENIED"),
  },
];
