/**
 * The place as the edge hands it over: settings, policy and quotas of this process, and a `Here` for
 * every request. Built once, from what `functions/` or the command line saw of the world.
 */
import { makeModules, type ModuleFile, type Modules } from "../blackbox/modules.ts";
import type { Arrival, Environment, Here, Host } from "../here.ts";
import { detect, relaysOf, resolversOf } from "../platform/detect.ts";
import { vantageOf } from "../platform/vantage.ts";
import { parseResolvConf, searchedNames } from "../platform/resolvconf.ts";
import { defined } from "../platform/values.ts";
import { makePolicy, type Policy } from "../policy/policy.ts";
import { makeMeters, type Meters } from "./meters.ts";
import { makeQuotas, type Quotas } from "./quotas.ts";
import { createHash, randomUUID } from "node:crypto";
import type { SuiteFile } from "../suite/named.ts";
import { readSettings, type Settings } from "./settings.ts";

export interface World {
  readonly environment: Environment;
  /** Sonde's own version. */
  readonly version: string;
  /** The text of /etc/resolv.conf; empty where there is none. */
  readonly resolvConf: string;
  readonly host: Host;
  /** Every address of this host's interfaces, as they are now. */
  ownAddresses(): readonly string[];
  readonly privateCertificate?: NonNullable<Here["privateCertificate"]>;
  /** The suites that were deployed beside Sonde. */
  readonly suiteFiles?: readonly SuiteFile[];
  /** What `/probe` is to be asked with; absent where nobody serves it. */
  readonly modules?: ModuleFile;
}

const noFile: ModuleFile = { name: "blackbox.yml", text: undefined, read: () => undefined };

export interface Edge {
  readonly suiteFiles: readonly SuiteFile[];
  /** Sonde's own version. */
  readonly version: string;
  readonly host: Host;
  readonly modules: Modules;
  readonly meters: Meters;
  readonly settings: Settings;
  readonly policy: Policy;
  readonly quotas: Quotas;
  readonly environment: Environment;
  readonly loopToken: string;
  /** Without a caller for the checks of a suite, which was counted as a whole. */
  hereFor(arrival: Arrival, caller?: string): Here;
}

/**
 * Who asks. A shell runs one process for one question, so a minute's quota would bound nobody, and it
 * serves nobody, so no request of its own can come back to it.
 */
export type Asker = "request" | "shell";

export function makeEdge(world: World, asker: Asker = "request"): Edge {
  const { environment, version } = world;
  const platform = detect(environment);
  const settings = readSettings(environment, platform.hosted);
  const resolvers = resolversOf(environment, world.resolvConf);
  const resolvConf = parseResolvConf(world.resolvConf);
  const vantage = vantageOf(environment, version);
  const policy = makePolicy({
    targets: environment["SONDE_TARGETS"] ?? "",
    auth: settings.auth,
    local: settings.local,
    ownAddresses: () => world.ownAddresses(),
    gateways: world.host.gateways,
    resolvers,
    ...defined("identity", identityOf(environment)),
    azure: platform.hosted,
    relays: relaysOf(environment),
    ...defined("environmentSuffix", platform.environmentSuffix),
  });
  const loopToken = asker === "shell" ? "sonde-shell" : loopTokenOf(environment);
  const quotas = makeQuotas(settings.limits, asker === "request" && !settings.local);
  return {
    version,
    host: world.host,
    suiteFiles: world.suiteFiles ?? [],
    modules: makeModules(world.modules ?? noFile),
    meters: makeMeters(),
    settings,
    policy,
    quotas,
    environment,
    loopToken,
    hereFor: (arrival, caller) => ({
      arrival,
      environment,
      host: world.host,
      resolvers,
      vantage,
      loopToken,
      ...defined("privateCertificate", world.privateCertificate),
      searched: (name) => searchedNames(name, resolvConf),
      admit(question, connections = 1) {
        const peers = policy.admit(question);
        quotas.admit(caller, peers, connections);
        return peers;
      },
    }),
  };
}

/** Where this app's managed identity answers: an address like any other, so it is known by its value. */
function identityOf(environment: Environment) {
  const url = URL.parse(environment["IDENTITY_ENDPOINT"] ?? environment["MSI_ENDPOINT"] ?? "");
  return url === null ? undefined : { host: url.hostname, port: Number(url.port) || 80 };
}

/**
 * Names this deployment, the same on all of its instances and telling nothing about it: a CDN-Loop
 * token, RFC 8586.
 */
function loopTokenOf(environment: Environment): string {
  const named = environment["WEBSITE_HOSTNAME"] ?? environment["CONTAINER_APP_NAME"];
  // Where no platform names it, this process is all of the deployment.
  const name = named ?? randomUUID();
  return `sonde-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}
