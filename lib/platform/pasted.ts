/**
 * What `az webapp show`, `az webapp config show` and `az webapp config appsettings list` tell about the
 * network of an app. Only network settings are kept, of proxies only host:port; nothing is stored.
 */
import type { Environment } from "../here.ts";
import { appOf, besideOf, subnetOf, type Beside } from "./beside.ts";
import { detect } from "./detect.ts";
import { networkSettings, fingerprint, type Aspect, type Setting } from "./settings.ts";
import { defined, isAddress } from "./values.ts";
import { representsOf, type Represents, type Verdicts } from "./vantage.ts";

export interface Pasted {
  readonly app?: NonNullable<ReturnType<typeof appOf>>;
  /** Resource id of the integration subnet, in lower case. */
  readonly subnet?: string;
  readonly routeAll?: boolean;
  /** The site property; empty where it was shown and holds nothing. */
  readonly dnsServers?: readonly string[];
  /** Absent when no app settings were pasted. */
  readonly settings?: readonly Setting[];
}

/** Never throws: what is not understood is left out. */
export function readPasted(value: unknown): Pasted {
  if (Array.isArray(value)) return { settings: settingsIn(value) };
  const parts = [value, at(value, "webapp"), at(value, "config")];
  const first = <T>(read: (part: unknown) => T | undefined): T | undefined =>
    parts.map(read).find((one) => one !== undefined);
  const settings = at(value, "appsettings");
  return {
    ...defined("app", first(appIn)),
    ...defined(
      "subnet",
      first((part) => subnetOf(textOf(at(part, "virtualNetworkSubnetId")))),
    ),
    ...defined("routeAll", first(routeAllIn)),
    ...defined("dnsServers", first(dnsIn)),
    ...(Array.isArray(settings) ? { settings: settingsIn(settings) } : {}),
  };
}

/** What came of the comparison, and the line that keeps it: a value for `SONDE_BESIDE`. */
export function compareWith(
  environment: Environment,
  pasted: Pasted,
): { readonly represents: Represents; readonly beside: string } {
  const written = besideOf(environment);
  const beside: Beside = {
    ...(pasted.app ?? { app: written?.app ?? "pasted" }),
    ...defined("environment", written?.environment),
  };
  const represents = representsOf(environment, beside, {
    subnet: subnetVerdict(written?.subnet, pasted.subnet, detect(environment).privateIp),
    routing: sameness(routeAllOf(own(environment)), routeAllWith(pasted)),
    dns: dnsVerdict(own(environment), pasted),
    certificates: settingsVerdict("certificates", own(environment), pasted),
    proxies: settingsVerdict("proxies", own(environment), pasted),
  });
  const words = {
    app: beside.app,
    subnet: pasted.subnet,
    settings: pasted.settings && fingerprint(pasted.settings),
    date: new Date().toISOString().slice(0, 10),
  };
  const line = Object.entries(words).flatMap(([key, word]) =>
    word === undefined ? [] : [`${key}=${word}`],
  );
  return { represents, beside: line.join(" ") };
}

type Verdict = NonNullable<Verdicts["dns"]>;

/** One side that does not tell proves nothing: it may be a site property. */
function sameness(one: string | undefined, other: string | undefined): Verdict {
  if (one === undefined || other === undefined) return "unknown";
  return one === other ? "same" : "differs";
}

const isId = (text = "") => text.startsWith("/");

/**
 * The deployment wrote down into which subnet Sonde was put. A prefix and a resource id cannot be compared,
 * and without an address of its own this instance may be in none.
 */
function subnetVerdict(
  written: string | undefined,
  pasted: string | undefined,
  privateIp: string | undefined,
): Verdict {
  if (isId(written) !== isId(pasted)) return "unknown";
  const verdict = sameness(written, pasted);
  return verdict === "same" && privateIp === undefined ? "unknown" : verdict;
}

function own(environment: Environment): readonly Setting[] {
  return networkSettings(Object.entries(environment));
}

function routeAllOf(settings: readonly Setting[] = []): string | undefined {
  return settings.find(({ name }) => name === "WEBSITE_VNET_ROUTE_ALL")?.value;
}

function routeAllWith({ routeAll, settings }: Pasted): string | undefined {
  return routeAll === undefined ? routeAllOf(settings) : String(routeAll);
}

const serversIn = (settings: readonly Setting[]) =>
  settings.find(({ name }) => name === "WEBSITE_DNS_SERVER")?.value;

function dnsVerdict(mine: readonly Setting[], { dnsServers, settings }: Pasted): Verdict {
  // The site property comes before the setting; where both are shown and empty, the network decides.
  const shown = dnsServers !== undefined && settings !== undefined ? "of the network" : undefined;
  const byProperty = dnsServers === undefined || dnsServers.length === 0 ? undefined : dnsServers;
  return sameness(serversIn(mine), byProperty?.join(",") ?? serversIn(settings ?? []) ?? shown);
}

/** These are app settings and nothing else, so an absent one tells as much as a present one. */
function settingsVerdict(aspect: Aspect, mine: readonly Setting[], { settings }: Pasted): Verdict {
  if (settings === undefined) return "unknown";
  const print = (some: readonly Setting[]) =>
    fingerprint(some.filter((one) => one.aspect === aspect));
  return sameness(print(mine), print(settings));
}

function settingsIn(list: readonly unknown[]): readonly Setting[] {
  return networkSettings(pastedSettings(list));
}

/** What `az webapp config appsettings list` prints, as names and values: secrets are among them. */
export function pastedSettings(list: readonly unknown[]): readonly (readonly [string, string])[] {
  return list.map((one) => [textOf(at(one, "name")) ?? "", textOf(at(one, "value")) ?? ""]);
}

/** The configuration of a site has an id below the site's own. */
function appIn(part: unknown) {
  return appOf((textOf(at(part, "id")) ?? "").replace(/\/config\/web$/, "") || "?");
}

function routeAllIn(part: unknown): boolean | undefined {
  const vnet = at(part, "outboundVnetRouting");
  const told = [
    at(vnet, "allTraffic"),
    at(vnet, "applicationTraffic"),
    at(part, "vnetRouteAllEnabled"),
  ];
  const known = told.filter((one) => typeof one === "boolean");
  return known.length === 0 ? undefined : known.includes(true);
}

function dnsIn(part: unknown): readonly string[] | undefined {
  const servers = at(at(part, "dnsConfiguration"), "dnsServers");
  if (!Array.isArray(servers)) return undefined;
  return servers.map(String).filter(isAddress);
}

function at(value: unknown, key: string): unknown {
  const isObject = typeof value === "object" && value !== null;
  return isObject && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
