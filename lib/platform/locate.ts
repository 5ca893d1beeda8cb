/**
 * The place as its own variables tell it. Everything on an allow-list of names and of value shapes; of
 * any other variable of the platform at most the name is told, and of the app's own not even that.
 */
import type { Environment } from "../here.ts";
import { bannerOf } from "./banner.ts";
import { besideOf } from "./beside.ts";
import { detect, relaysOf, type Platform } from "./detect.ts";
import { fingerprint, networkSettings } from "./settings.ts";
import { addressesIn, addressIn, defined, flag, isAddress, named, present } from "./values.ts";

const UNKNOWN = "unknown";

/** Variables that name a proxy, in the spelling in which clients read them. */
const proxyNames = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const extraCaNames = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/** Names that the platform's documentation lists; a name can be a secret of its own elsewhere. */
const platformName =
  /^(?:(?:WEBSITE|CONTAINER_APP|FUNCTIONS|SONDE|SCM|PLATFORM|LEGION)_[A-Z0-9_]{1,80}|REGION_NAME|MANAGED_ENVIRONMENT|IDENTITY_(?:ENDPOINT|HEADER)|MSI_(?:ENDPOINT|SECRET)|AzureWebJobs(?:Storage|ScriptRoot))$/;
const NAMES_SHOWN = 150;

/** What the environment alone tells; pure, never throws, holds no secret. */
export function locatedBy(environment: Environment) {
  const here = detect(environment);
  const set = Object.keys(environment).filter((name) => present(environment, name));
  const names = set.filter((name) => platformName.test(name)).toSorted();
  const read = bannerOf(environment);
  return {
    // What cannot be read has closed everything before anybody asks.
    ...("wrong" in read ? {} : read),
    app: here.app ?? (here.hosted ? UNKNOWN : "local"),
    slot: here.slot ?? UNKNOWN,
    region: here.region ?? UNKNOWN,
    platform: here.platform,
    plan: here.plan ?? UNKNOWN,
    instance: here.instance ?? UNKNOWN,
    privateIp: here.privateIp ?? UNKNOWN,
    dns: dnsOf(environment),
    routeAll: routeAllOf(here),
    vnet: vnetOf(environment, here),
    hybridConnections: relaysOf(environment).map(({ host, port }) => `${host}:${port}`),
    easyAuth: here.easyAuth,
    certificates: thumbprints(environment["WEBSITE_LOAD_CERTIFICATES"] ?? ""),
    extraCas: extraCaNames.filter((name) => present(environment, name)),
    proxies: proxyNames.filter((name) => present(environment, name)),
    settings: fingerprint(networkSettings(Object.entries(environment))),
    limits: limitsOf(here),
    variables: names.slice(0, NAMES_SHOWN),
    otherVariables: set.length - Math.min(names.length, NAMES_SHOWN),
  };
}

function routeAllOf({ routeAll }: Platform): boolean | typeof UNKNOWN {
  return routeAll ?? UNKNOWN;
}

/** Versions that the platform tells of itself. */
export function versionsOf(environment: Environment) {
  return {
    ...defined("functions", versionIn(environment, "FUNCTIONS_EXTENSION_VERSION")),
    ...defined("platform", versionIn(environment, "WEBSITE_PLATFORM_VERSION")),
  };
}

function versionIn(environment: Environment, name: string): string | undefined {
  const value = environment[name] ?? "";
  return /^~?\d{1,6}(?:\.\d{1,6}){0,4}$/.test(value) ? value : undefined;
}

function dnsOf(environment: Environment) {
  return {
    servers: addressesIn(environment, "WEBSITE_DNS_SERVER").slice(0, 5),
    ...defined("fault", faultOf(environment["WEBSITE_DNS_SERVER"] ?? "")),
    ...defined("alternative", addressIn(environment, "WEBSITE_DNS_ALT_SERVER")),
    ...defined("timeoutSeconds", countIn(environment, "WEBSITE_DNS_TIMEOUT")),
    ...defined("attempts", countIn(environment, "WEBSITE_DNS_ATTEMPTS")),
    ...defined("cacheSeconds", countIn(environment, "WEBSITE_DNS_MAX_CACHE_TIMEOUT")),
  };
}

/** The platform takes addresses between commas, at most five; what else stands there is not repeated. */
function faultOf(text: string): string | undefined {
  const parts = text.split(",").map((part) => part.trim());
  const strange = text === "" ? 0 : parts.filter((part) => !isAddress(part)).length;
  if (strange > 0) return `${strange} of ${parts.length} parts are no address`;
  if (/\s/.test(text)) return "white space stands between the addresses";
  return parts.length > 5 ? `${parts.length} addresses, and five are taken` : undefined;
}

function countIn(environment: Environment, name: string): number | undefined {
  const text = environment[name] ?? "";
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

/** Settings that mean something only for an app inside a virtual network. */
const saysIntegrated = ["WEBSITE_VNETNAME", "WEBSITE_CONTENTOVERVNET", "WEBSITE_VNET_ROUTE_ALL"];

function vnetOf(environment: Environment, { plan, platform }: Platform) {
  const isMeant = (name: string) => present(environment, name) && flag(environment, name) !== false;
  const subnet = besideOf(environment)?.subnet;
  return {
    ...defined("name", named(environment, "WEBSITE_VNETNAME")),
    expectedBy: [
      ...saysIntegrated.filter(isMeant),
      ...(subnet === undefined ? [] : ["SONDE_BESIDE"]),
    ],
    // Isolated, Flex and Container Apps live inside their network and are shown no such address.
    showsPrivateIp:
      platform === "app-service" && (plan === "dedicated" || plan === "elastic-premium"),
    ...defined("contentOverVnet", flag(environment, "WEBSITE_CONTENTOVERVNET")),
    ...defined("pullImageOverVnet", flag(environment, "WEBSITE_PULL_IMAGE_OVER_VNET")),
  };
}

function thumbprints(text: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  return parts.filter((part) => part === "*" || /^[0-9a-f]{40}$/i.test(part));
}

/** By the documentation of each platform. */
function limitsOf({ platform, plan }: Platform) {
  if (platform === "container-apps") return { requestMs: 240_000 };
  if (platform !== "app-service") return {};
  // An environment of its own has its own load balancer and no such preallocation.
  return { requestMs: 230_000, ...(plan === "isolated" ? {} : { snatPorts: 128 }) };
}
