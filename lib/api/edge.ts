/**
 * The place as the edge hands it over: settings, policy and quotas of this process, and a `Here` for
 * every request. Built once, from what `functions/` or the command line saw of the world.
 */
import type { Arrival, Environment, Here } from "../here.ts";
import { detect, relaysOf, resolversOf, vantageOf } from "../platform/detect.ts";
import { makePolicy, type Policy } from "../policy/policy.ts";
import { makeQuotas, type Quotas } from "./quotas.ts";
import { readSettings, type Settings } from "./settings.ts";

export interface World {
  readonly environment: Environment;
  /** Sonde's own version. */
  readonly version: string;
  /** The text of /etc/resolv.conf; empty where there is none. */
  readonly resolvConf: string;
  /** Every address of this host's interfaces, as they are now. */
  ownAddresses(): readonly string[];
}

export interface Edge {
  readonly settings: Settings;
  readonly policy: Policy;
  readonly quotas: Quotas;
  readonly environment: Environment;
  readonly version: string;
  hereFor(arrival: Arrival, caller: string): Here;
}

export function makeEdge(world: World): Edge {
  const { environment, version } = world;
  const platform = detect(environment);
  const settings = readSettings(environment, platform.hosted);
  const resolvers = resolversOf(environment, world.resolvConf);
  const vantage = vantageOf(environment, version);
  const policy = makePolicy({
    targets: environment["SONDE_TARGETS"] ?? "",
    auth: settings.auth,
    local: settings.local,
    ownAddresses: world.ownAddresses,
    resolvers,
    azure: platform.hosted,
    relays: relaysOf(environment),
    ...(platform.environmentSuffix === undefined
      ? {}
      : { environmentSuffix: platform.environmentSuffix }),
  });
  const quotas = makeQuotas(settings.limits, !settings.local);
  return {
    settings,
    policy,
    quotas,
    environment,
    version,
    hereFor: (arrival, caller) => ({
      arrival,
      environment,
      resolvers,
      vantage,
      admit(question) {
        const peers = policy.admit(question);
        quotas.admit(caller, peers);
        return peers;
      },
    }),
  };
}
