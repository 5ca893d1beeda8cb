/** `prober: grpc`: one call of the health service. */
import { agree, type Session, type Terms } from "../../stages/agree.ts";
import { connect } from "../../stages/connect.ts";
import { grpc, type GrpcCall } from "../../stages/grpc.ts";
import { resolve } from "../../stages/resolve.ts";
import { parseTarget, type Target } from "../../target.ts";
import type { Trail } from "../../trail.ts";
import { choose, type Preference } from "./choose.ts";
import { badTarget, seconds, unmet, type Outcome, type Recipe, type Scrape } from "./recipe.ts";
import { countSession } from "./session.ts";

export interface GrpcManner {
  readonly preference: Preference;
  readonly tls: boolean;
  readonly terms: Terms;
  /** Empty for the whole server. */
  readonly service: string;
  /** Lower-case names. */
  readonly metadata: Readonly<Record<string, string>>;
}

const DURATION = "probe_grpc_duration_seconds";
const [resolving, checking] = ["resolve", "check"].map((phase) => ({ phase }));

/** gRPC's status of a server that cannot be reached. */
const UNAVAILABLE = 14;

/** As the health service's own enumeration has them. */
const healths = [
  ["unknown", { serving_status: "UNKNOWN" }],
  ["serving", { serving_status: "SERVING" }],
  ["not-serving", { serving_status: "NOT_SERVING" }],
  ["service-unknown", { serving_status: "SERVICE_UNKNOWN" }],
] as const;

export function grpcRecipe(manner: GrpcManner): Recipe {
  const { tls, preference } = manner;
  const rules = { schemes: { http: tls ? 443 : 80, https: tls ? 443 : 80 } };
  return async (trail, scrape) => {
    const { gauges } = scrape;
    gauges.set(DURATION, 0, resolving);
    gauges.set("probe_grpc_ssl", 0);
    gauges.set("probe_grpc_status_code", 0);
    const text = scrape.target;
    const target = parseTarget(/^https?:\/\//i.test(text) ? text : `http://${text}`, rules);
    if ("wrong" in target) return badTarget(target.wrong);
    trail.plan([resolve, connect, ...(tls ? [agree] : []), grpc]);
    const resolved = (took: number) => gauges.set(DURATION, took, resolving);
    const peer = await choose(trail, target, "http", preference, { ...scrape, resolved });
    const start = performance.now();
    gauges.set("probe_grpc_status_code", UNAVAILABLE);
    for (const [, label] of healths) gauges.set("probe_grpc_healthcheck_response", 0, label);
    try {
      return await check(trail, target, peer, manner, scrape);
    } finally {
      gauges.set(DURATION, seconds(start), checking);
    }
  };
}

async function check(
  trail: Trail,
  target: Target,
  peer: Awaited<ReturnType<typeof choose>>,
  { tls, terms, service, metadata }: GrpcManner,
  { gauges }: Scrape,
): Promise<Outcome> {
  using wire = await trail.take(connect, peer);
  const scheme = tls ? "grpcs" : "grpc";
  const call = { target: { ...target, scheme, path: `/${service}` }, headers: metadata };
  if (!tls) return await ask(trail, { ...call, wire }, gauges);
  const told = (session: Session) => {
    if (terms.verify && !session.verified) countSession(gauges, session);
  };
  const agreement = { wire, name: target.host, alpn: ["h2"], terms, told };
  const session = await trail.take(agree, agreement);
  using secured = session.wire;
  gauges.set("probe_grpc_ssl", 1);
  countSession(gauges, session);
  return await ask(trail, { ...call, wire: secured }, gauges);
}

async function ask(trail: Trail, call: GrpcCall, gauges: Scrape["gauges"]): Promise<Outcome> {
  let status: number | undefined;
  let health: string | undefined;
  const told: GrpcCall["told"] = (answer) => {
    ({ grpcStatus: status, health } = answer);
    if (status !== undefined) gauges.set("probe_grpc_status_code", status);
    const [, label] = healths.find(([name]) => name === health) ?? [];
    if (label !== undefined) gauges.set("probe_grpc_healthcheck_response", 1, label);
  };
  await trail.take(grpc, { ...call, told });
  // A server without the service, or that wants to know who asks, has answered; its health is not known.
  if (health === "serving") return undefined;
  return unmet("service", `the call ended with status ${status ?? "unknown"}`);
}
