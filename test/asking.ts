/** Asks a probe as the command line would: decoded by its schema, judged, run against real servers. */
import { decodePairs, type Pair } from "../lib/api/decode.ts";
import { makeEdge, type Edge } from "../lib/api/edge.ts";
import type { Arrival, Environment, Here, Host } from "../lib/here.ts";
import type { AnyProbe } from "../lib/probe.ts";
import type { Report } from "../lib/report.ts";
import { run } from "../lib/run.ts";
import type { SuiteFile } from "../lib/suite/named.ts";

const arrival: Arrival = { method: "GET", url: "http://localhost/api/test", headers: [] };

export const local: Environment = {
  SONDE_LOCAL_HOST: "1",
  SONDE_TARGETS: "@private @public @loopback",
};

/** An instance that shows nothing but loopback. */
export const host: Host = {
  node: "24.0.0",
  os: "Linux 6.0",
  startedAt: "2026-11-20T18:00:00.000Z",
  gateways: [],
  interfaces: () => [{ name: "lo", address: "127.0.0.1" }],
};

/** An edge as `npm start` has it: loopback is open, the rest of the floor is not. */
export function localEdge(
  environment: Environment = local,
  resolvConf = "",
  shown: Partial<Host> = {},
  suiteFiles: readonly SuiteFile[] = [],
): Edge {
  return makeEdge({
    environment,
    version: "0.0.0",
    resolvConf,
    host: { ...host, ...shown },
    ownAddresses: () => [],
    suiteFiles,
  });
}

/** A place for stages that need none. */
export function nowhere(): Here {
  return localEdge().hereFor(arrival, "test");
}

/** Throws when the input is refused. */
export async function ask(
  probe: AnyProbe,
  pairs: readonly Pair[],
  edge: Edge = localEdge(),
): Promise<Report> {
  const decoded = decodePairs(probe, pairs);
  if ("problem" in decoded) throw new Error(decoded.problem.detail);
  return run(decoded.question, edge.hereFor(arrival, "test"));
}
