import { grpcSheet as sheet } from "../facts/grpc.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import { maskText } from "../ingress/mask.ts";
import { callOver, type Called } from "../net/h2.ts";
import type { SocketWire } from "../net/wire.ts";
import { healthIn, healthRequest, messageIn, statusNames, type Health } from "../protocols/grpc.ts";
import { printable } from "../protocols/speaks.ts";
import type { FactsOf, Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { agentOf } from "./agent.ts";
import { urlOf } from "./request.ts";

export interface GrpcCall {
  readonly wire: SocketWire;
  /** Its path is the service that is asked after. */
  readonly target: Target;
  /** As for a request: lower-case names, judged by who filled them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly hostHeader?: string;
  /** Told what the call answered, whatever that is. */
  readonly told?: (answer: Partial<FactsOf<typeof sheet>>) => void;
}

/** A health check needs a few octets. */
const MOST = 16 * 1024;

const LONGEST_NAME = 200;

/**
 * Calls `grpc.health.v1.Health/Check` once. A server that has no such service, or wants to know who calls,
 * has answered in gRPC all the same.
 */
export const grpc: Stage<GrpcCall, void, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run({ wire, target, headers = {}, hostHeader, told }, { signal, here, note }) {
    const url = urlOf(target);
    const service = url.pathname.slice(1, 1 + LONGEST_NAME);
    note({ called: maskText(`${target.scheme}://${url.host}${url.pathname}`), service });
    agreedOn(wire);
    const start = performance.now();
    const called = await callOver(wire, {
      origin: url.origin,
      authority: hostHeader ?? url.host,
      path: "/grpc.health.v1.Health/Check",
      headers: {
        "user-agent": agentOf(here),
        ...headers,
        "content-type": "application/grpc",
        te: "trailers",
        "cdn-loop": here.loopToken,
      },
      message: healthRequest(service),
      mostBytes: MOST,
      signal,
    });
    const answer = answerOf(called);
    note({ callMs: roundMs(performance.now() - start), ...answer });
    told?.(answer);
    judge(called);
  },
};

/** TLS agrees on HTTP/2 by ALPN; without TLS it is spoken on trust. */
function agreedOn({ socket }: SocketWire): void {
  if (!("alpnProtocol" in socket) || socket.alpnProtocol === "h2") return;
  throw new Failure("grpc.not_grpc", "the server does not agree to HTTP/2, which gRPC needs");
}

/** A call that ends before it has an answer ends in its headers instead of the trailers. */
const endOf = ({ headers, trailers }: Called) => ({ ...headers, ...trailers });

function numberOf(called: Called): number | undefined {
  const text = endOf(called)["grpc-status"];
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

function answerOf(called: Called): Partial<FactsOf<typeof sheet>> {
  const number = numberOf(called);
  const said = endOf(called)["grpc-message"] ?? "";
  const { server } = called.headers;
  const health = number === 0 ? healthIn(called.body) : undefined;
  return {
    httpStatus: called.status,
    ...(number === undefined
      ? {}
      : { grpcStatus: number, statusName: statusNames[number] ?? "unknown" }),
    ...(said === "" ? {} : { message: printable(Buffer.from(messageIn(said)), 300) }),
    ...(server === undefined ? {} : { server }),
    ...(health === undefined ? {} : { health }),
  };
}

/** Statuses that say that gRPC is spoken here and that nothing is known of the health. */
const answered = ["UNIMPLEMENTED", "PERMISSION_DENIED", "UNAUTHENTICATED"];

function judge(called: Called): void {
  const number = numberOf(called);
  if (number === undefined) throw noCall(called);
  const name = statusNames[number] ?? "unknown";
  if (name === "OK") return judgeHealth(healthIn(called.body));
  if (answered.includes(name)) return;
  const said = messageIn(endOf(called)["grpc-message"] ?? "");
  const message = printable(Buffer.from(said), 200);
  if (name === "NOT_FOUND") {
    throw new Failure("grpc.unknown_service", `NOT_FOUND: ${message || "no such service"}`);
  }
  const text = `gRPC status ${number} ${name}${message === "" ? "" : `: ${message}`}`;
  throw new Failure("grpc.status", text, { status: number });
}

function noCall({ status, headers }: Called): Failure {
  const type = headers["content-type"] ?? "nothing";
  const what = `HTTP status ${status} with ${printable(Buffer.from(type))}`;
  return new Failure("grpc.not_grpc", `the answer is no call of gRPC: ${what}`, { status });
}

function judgeHealth(health: Health | undefined): void {
  if (health === "serving") return;
  if (health === undefined) {
    throw new Failure("http.malformed", "the answer is no HealthCheckResponse");
  }
  const code = health === "service-unknown" ? "grpc.unknown_service" : "grpc.not_serving";
  throw new Failure(code, `the server answers ${health.toUpperCase().replace("-", "_")}`);
}
