import * as z from "zod";
import { healths, statusNames } from "../protocols/grpc.ts";
import type { FactSheet } from "../stage.ts";
import { line, oneOf } from "./read.ts";

const facts = z.object({
  called: z.string().describe("Where the call went; secrets in it are withheld"),
  service: z.string().describe("The service that was asked after; empty for the whole server"),
  httpStatus: z.int().describe("Of the answer that carries the call; 200 for gRPC"),
  grpcStatus: z.int().describe("How the call ended: 0 is OK, 12 that there is no such method"),
  statusName: z.enum([...statusNames, "unknown"]),
  message: z.string().optional().describe("What the server said of a call that did not end well"),
  health: z.enum(healths).optional().describe("What the server says of the service"),
  server: z.string().optional().describe("What the Server header says"),
  callMs: z.number().describe("From the call to the end of its answer"),
});

const of = (service: string) => (service === "" ? "the whole server" : service);

/** A health check by gRPC. */
export const grpcSheet = {
  name: "grpc",
  proves: "a gRPC server answers",
  facts,
  headline: line(facts, "gRPC", ["statusName", "callMs"], ({ statusName, callMs }) =>
    statusName === "OK" ? `gRPC answers in ${callMs} ms` : `gRPC answers ${statusName}`,
  ),
  lines: [
    line(
      facts,
      "gRPC",
      ["called", "grpcStatus", "statusName", "callMs"],
      (seen) => `${seen.called}: ${seen.grpcStatus} ${seen.statusName} in ${seen.callMs} ms`,
    ),
    line(facts, "Health", ["health", "service"], (seen) => `${of(seen.service)}: ${seen.health}`),
    line(facts, "Message", ["message"], ({ message }) => message),
    line(facts, "HTTP status", ["httpStatus"], ({ httpStatus }) =>
      httpStatus === 200 ? undefined : `${httpStatus}`,
    ),
    line(facts, "Server", ["server"], ({ server }) => server),
  ],
  gauges: [],
  expect: {
    grpcHealth: {
      ...oneOf(facts, "health", "serving, not-serving, service-unknown or unknown"),
      settles: ["grpc.not_serving", "grpc.unknown_service"],
    },
    grpcStatus: {
      ...oneOf(facts, "statusName", "How the call ends, such as OK or UNAUTHENTICATED"),
      settles: ["grpc.status", "grpc.no_health", "grpc.unauthenticated"],
    },
  },
} as const satisfies FactSheet<"grpc", typeof facts>;
