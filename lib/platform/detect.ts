/**
 * Where this process runs, read from the variables the platform sets. Names are on an allow-list and
 * values must have the shape of what they are said to be: anything else is as good as absent, so a
 * secret in the wrong variable is not repeated.
 */
import type { Environment } from "../here.ts";
import { parseRelays, type Relay } from "./relays.ts";
import { parseResolvConf } from "./resolvconf.ts";
import { addressIn, addressesIn, defined, flag, named, present } from "./values.ts";

type PlatformName = "app-service" | "container-apps" | "kubernetes" | "core-tools" | "local";

type Plan =
  | "consumption"
  | "flex-consumption"
  | "elastic-premium"
  | "dedicated"
  | "isolated"
  | "managed-environment";

export interface Platform {
  readonly platform: PlatformName;
  readonly plan?: Plan;
  /** The site or container app; absent when the platform does not say. */
  readonly app?: string;
  readonly slot?: string;
  readonly region?: string;
  /** Enough to tell two workers apart. The whole value of WEBSITE_INSTANCE_ID routes requests. */
  readonly instance?: string;
  readonly revision?: string;
  /** Address in the integration subnet. Absent on plans that show none, integrated or not. */
  readonly privateIp?: string;
  /** Name servers set for the app, in order; what the virtual network says is not among them. */
  readonly dnsServers: readonly string[];
  readonly routeAll?: boolean;
  /** The suffix of the environment's own names on Container Apps. */
  readonly environmentSuffix?: string;
  /** Easy Auth runs in front of the app, so its headers are the platform's word. */
  readonly easyAuth: boolean;
  /** Any sign of a hosting platform. Deliberately wider than `platform`: doubt counts as hosted. */
  readonly hosted: boolean;
}

export interface Resolver {
  readonly address: string;
  readonly port: number;
  /** The setting or file that names it. */
  readonly origin: "WEBSITE_DNS_SERVER" | "WEBSITE_DNS_ALT_SERVER" | "/etc/resolv.conf";
}

/** Variables that only a hosting platform sets, one of which is enough. */
const signs = [
  "WEBSITE_INSTANCE_ID",
  "WEBSITE_SITE_NAME",
  "WEBSITE_SKU",
  "WEBSITE_POD_NAME",
  "WEBSITE_HOME_STAMPNAME",
  "WEBSITE_PRIVATE_IP",
  "LEGION_SERVICE_HOST",
  "MANAGED_ENVIRONMENT",
  "CONTAINER_APP_NAME",
  "CONTAINER_APP_REPLICA_NAME",
  "IDENTITY_ENDPOINT",
  "MSI_ENDPOINT",
] as const;

/** The platform as its own variables tell it. Never throws; holds no secret. */
export function detect(environment: Environment): Platform {
  const platform = platformOf(environment);
  const dnsServers = resolversOf(environment, "").map((resolver) => resolver.address);
  return {
    platform,
    ...defined("plan", planOf(environment, platform)),
    ...defined("app", named(environment, "WEBSITE_SITE_NAME", "CONTAINER_APP_NAME")),
    ...defined("slot", named(environment, "WEBSITE_SLOT_NAME")),
    ...defined("region", named(environment, "REGION_NAME")),
    ...defined("instance", instanceOf(environment)),
    ...defined("revision", named(environment, "CONTAINER_APP_REVISION")),
    ...defined("privateIp", addressIn(environment, "WEBSITE_PRIVATE_IP")),
    dnsServers,
    ...defined("routeAll", flag(environment, "WEBSITE_VNET_ROUTE_ALL")),
    ...defined("environmentSuffix", named(environment, "CONTAINER_APP_ENV_DNS_SUFFIX")),
    easyAuth: flag(environment, "WEBSITE_AUTH_ENABLED") === true,
    hosted: (platform !== "local" && platform !== "core-tools") || signed(environment),
  };
}

/** Azure's own resolver: it answers inside every virtual network. */
export const AZURE_DNS = "168.63.129.16";

/**
 * The name servers in effect, each address once, in the order they are asked: the app's own setting
 * (at most five) and its alternative, then those of `/etc/resolv.conf`.
 */
export function resolversOf(environment: Environment, resolvConfText: string): readonly Resolver[] {
  const found = new Map<string, Resolver>();
  const add = (address: string, origin: Resolver["origin"]): void => {
    if (!found.has(address)) found.set(address, { address, port: 53, origin });
  };
  for (const address of addressesIn(environment, "WEBSITE_DNS_SERVER").slice(0, 5))
    add(address, "WEBSITE_DNS_SERVER");
  for (const address of addressesIn(environment, "WEBSITE_DNS_ALT_SERVER").slice(0, 1))
    add(address, "WEBSITE_DNS_ALT_SERVER");
  for (const address of parseResolvConf(resolvConfText).nameservers)
    add(address, "/etc/resolv.conf");
  return [...found.values()];
}

/** Endpoints of hybrid connections, names and ports only: WEBSITE_RELAYS also carries keys. */
export function relaysOf(environment: Environment): readonly Relay[] {
  return parseRelays(environment["WEBSITE_RELAYS"] ?? "");
}

/** In the order the Functions host itself asks; the first that fits wins. */
function platformOf(environment: Environment): PlatformName {
  if (present(environment, "MANAGED_ENVIRONMENT") || present(environment, "CONTAINER_APP_NAME"))
    return "container-apps";
  if (present(environment, "WEBSITE_INSTANCE_ID") || inSitePod(environment)) return "app-service";
  if (present(environment, "KUBERNETES_SERVICE_HOST") && present(environment, "POD_NAMESPACE"))
    return "kubernetes";
  return present(environment, "FUNCTIONS_CORETOOLS_ENVIRONMENT") ? "core-tools" : "local";
}

/**
 * Linux Consumption and Flex Consumption have no WEBSITE_INSTANCE_ID but a container name. That name
 * alone proves nothing (many container runtimes set it), so a second sign must agree.
 */
function inSitePod(environment: Environment): boolean {
  if (present(environment, "WEBSITE_POD_NAME")) return true;
  return (
    present(environment, "CONTAINER_NAME") &&
    (present(environment, "LEGION_SERVICE_HOST") || present(environment, "WEBSITE_SITE_NAME"))
  );
}

/** Plans by the start of WEBSITE_SKU; other paid and free tiers run on dedicated workers. */
const planBySku: readonly (readonly [sku: string, plan: Plan])[] = [
  ["isolated", "isolated"],
  ["elasticpremium", "elastic-premium"],
  ["flexconsumption", "flex-consumption"],
  ["dynamic", "consumption"],
];

function planOf(environment: Environment, platform: PlatformName): Plan | undefined {
  if (platform === "container-apps") return "managed-environment";
  if (platform !== "app-service") return undefined;
  const sku = (named(environment, "WEBSITE_SKU") ?? "").toLowerCase();
  const known = planBySku.find(([start]) => sku.startsWith(start));
  if (known !== undefined) return known[1];
  if (present(environment, "LEGION_SERVICE_HOST")) return "flex-consumption";
  if (!present(environment, "WEBSITE_INSTANCE_ID")) return "consumption";
  return sku === "" ? undefined : "dedicated";
}

function instanceOf(environment: Environment): string | undefined {
  const worker = named(environment, "WEBSITE_INSTANCE_ID");
  if (worker !== undefined) return worker.slice(0, 8);
  return inSitePod(environment)
    ? named(environment, "WEBSITE_POD_NAME", "CONTAINER_NAME")
    : named(environment, "CONTAINER_APP_REPLICA_NAME");
}

function signed(environment: Environment): boolean {
  return signs.some((name) => present(environment, name));
}
