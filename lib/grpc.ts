/** The walks to a gRPC server: a call of its health service, with TLS or on trust. */
import { placeOf } from "./protocols/authority.ts";
import { connect } from "./stages/connect.ts";
import { grpc } from "./stages/grpc.ts";
import { handshake } from "./stages/handshake.ts";
import type { Target } from "./target.ts";
import type { Walk } from "./walk.ts";

export const notProvedByCall = ["that any other method than the health check answers"];

/** gRPC is spoken over HTTP/2 alone, and TLS has to agree on it. */
export const grpcAlpn: readonly string[] = ["h2"];

export function reproduceCall(target: Target): string[] {
  const service = target.path.split("?")[0]?.slice(1) ?? "";
  const tls = target.scheme === "grpcs" ? " -tls" : "";
  const named = service === "" ? "" : ` -service='${service.replaceAll("'", "%27")}'`;
  return [`grpc_health_probe -addr=${placeOf(target)}${tls}${named}`];
}

export const callPlain: Walk = {
  kind: "http",
  stages: [connect, grpc],
  notProved: notProvedByCall,
  async walk(trail, peer, target) {
    using wire = await trail.take(connect, peer);
    await trail.take(grpc, { wire, target });
  },
  reproduce: reproduceCall,
};

export const callSecured: Walk = {
  ...callPlain,
  stages: [connect, handshake, grpc],
  async walk(trail, peer, target) {
    using wire = await trail.take(connect, peer);
    using secured = await trail.take(handshake, { wire, target, alpn: grpcAlpn });
    await trail.take(grpc, { wire: secured, target });
  },
};
