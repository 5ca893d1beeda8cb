/** The settings of another app against those of this place: aspect by aspect, with what each side says. */
import type { Environment } from "../here.ts";
import { placeOf } from "../protocols/authority.ts";
import { besideOf, type Beside } from "./beside.ts";
import { detect, relaysOf } from "./detect.ts";
import type { Pasted } from "./pasted.ts";
import { fingerprint, isHidden, networkSettings, type Aspect, type Setting } from "./settings.ts";
import { defined } from "./values.ts";
import { aspects, representsOf, type Represents, type Verdicts } from "./vantage.ts";

export interface Compared {
  readonly aspect: (typeof aspects)[number];
  readonly verdict: "same" | "differs" | "unknown";
  /** As this place says it; absent where it does not. */
  readonly here?: string;
  readonly there?: string;
}

export interface Comparison {
  readonly represents: Represents;
  readonly aspects: readonly Compared[];
  /** A value for `SONDE_BESIDE`, which keeps it. */
  readonly beside: string;
}

/** Pure but for the date. Nothing of what was pasted is in it but network settings. */
export function compareWith(environment: Environment, pasted: Pasted): Comparison {
  const written = besideOf(environment);
  const beside: Beside = {
    ...(pasted.app ?? { app: written?.app ?? "pasted" }),
    ...defined("environment", written?.environment),
  };
  const mine = networkSettings(Object.entries(environment));
  const sides = sidesOf(mine, written, pasted);
  const kept = (aspect: Aspect) => {
    const verdict = sameness(sides[aspect]);
    return verdict === "same" && isHidden(mine, aspect) ? "unknown" : verdict;
  };
  const verdicts: Verdicts = {
    subnet: subnetVerdict(sides.subnet, detect(environment).privateIp),
    routing: sameness(sides.routing),
    dns: sameness(sides.dns),
    certificates: kept("certificates"),
    proxies: kept("proxies"),
  };
  const represents = representsOf(environment, beside, verdicts);
  return {
    represents,
    aspects: aspects.map((aspect): Compared => {
      const [here, there] =
        aspect === "hybrid connections" ? [relaysIn(environment)] : sides[aspect];
      const verdict = verdictIn(represents, aspect);
      return { aspect, verdict, ...defined("here", here), ...defined("there", there) };
    }),
    beside: lineOf(beside.app, pasted),
  };
}

function lineOf(app: string, { subnet, settings }: Pasted): string {
  const words = {
    app,
    subnet,
    settings: settings && fingerprint(settings),
    date: new Date().toISOString().slice(0, 10),
  };
  return Object.entries(words)
    .flatMap(([key, word]) => (word === undefined ? [] : [`${key}=${word}`]))
    .join(" ");
}

function verdictIn({ same, differs }: Represents, aspect: string): Compared["verdict"] {
  if (same.includes(aspect)) return "same";
  return differs.includes(aspect) ? "differs" : "unknown";
}

/** What this place can reach by hybrid connections; nothing that can be pasted tells those of the other app. */
function relaysIn(environment: Environment): string | undefined {
  const names = relaysOf(environment).map(placeOf);
  return names.length === 0 ? undefined : names.join(", ");
}

type Side = readonly [here: string | undefined, there: string | undefined];

/** What each side says of an aspect; nothing where it is silent. */
function sidesOf(mine: readonly Setting[], written: Beside | undefined, pasted: Pasted) {
  const { settings } = pasted;
  const both = (aspect: Aspect): Side => [
    listed(mine, aspect),
    settings && listed(settings, aspect),
  ];
  return {
    subnet: [written?.subnet, pasted.subnet] satisfies Side,
    routing: [routeAllOf(mine), routeAllWith(pasted)] satisfies Side,
    // What is set and holds no address that can be read tells nothing.
    dns: [serversIn(mine) || undefined, dnsOf(pasted) || undefined] satisfies Side,
    // These are app settings and nothing else, so an absent one tells as much as a present one.
    certificates: both("certificates"),
    proxies: both("proxies"),
  };
}

/** One side that does not tell proves nothing: it may be a site property. */
function sameness([here, there]: Side): Compared["verdict"] {
  if (here === undefined || there === undefined) return "unknown";
  return here === there ? "same" : "differs";
}

const isId = (text = "") => text.startsWith("/");

/**
 * The deployment wrote down into which subnet Sonde was put. A prefix and a resource id cannot be compared,
 * and without an address of its own this instance may be in none.
 */
function subnetVerdict(side: Side, privateIp: string | undefined): Compared["verdict"] {
  const [here, there] = side;
  if (isId(here) !== isId(there)) return "unknown";
  const verdict = sameness(side);
  return verdict === "same" && privateIp === undefined ? "unknown" : verdict;
}

function routeAllOf(settings: readonly Setting[] = []): string | undefined {
  return settings.find(({ name }) => name === "WEBSITE_VNET_ROUTE_ALL")?.value;
}

function routeAllWith({ routeAll, settings }: Pasted): string | undefined {
  return routeAll === undefined ? routeAllOf(settings) : String(routeAll);
}

const serversIn = (settings: readonly Setting[] = []) =>
  settings.find(({ name }) => name === "WEBSITE_DNS_SERVER")?.value;

/** The site property comes before the setting; where both are shown and empty, the network decides. */
function dnsOf({ dnsServers, settings }: Pasted): string | undefined {
  if (dnsServers !== undefined && dnsServers.length > 0) return dnsServers.join(",");
  const silent = dnsServers === undefined || settings === undefined;
  return serversIn(settings) ?? (silent ? undefined : "those of the network");
}

function listed(settings: readonly Setting[], aspect: Aspect): string {
  const own = settings.filter((one) => one.aspect === aspect);
  return own.map(({ name, value }) => `${name}=${value}`).join(", ") || "none";
}
