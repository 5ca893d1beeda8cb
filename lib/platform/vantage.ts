/** The vantage printed in every report: where it was measured, and how far that place stands for another app. */
import type { Environment } from "../here.ts";
import type { Vantage } from "../report.ts";
import { bannerOf } from "./banner.ts";
import { besideOf, liesIn, type Beside } from "./beside.ts";
import { detect, type Platform } from "./detect.ts";
import { type Aspect, fingerprint, isHidden, networkSettings } from "./settings.ts";
import { defined, named } from "./values.ts";

export type Represents = Vantage["represents"];

/** What network settings are about; each belongs to one app alone. */
export const aspects = [
  "subnet",
  "routing",
  "dns",
  "hybrid connections",
  "certificates",
  "proxies",
] as const;

/** What one aspect came down to. */
export type Verdicts = Readonly<
  Partial<Record<(typeof aspects)[number], "same" | "differs" | "unknown">>
>;

export function vantageOf(environment: Environment, version: string): Vantage {
  const here = detect(environment);
  const banner = bannerOf(environment);
  return {
    app: here.app ?? (here.hosted ? "unknown" : "local"),
    platform: here.platform,
    ...defined("plan", here.plan),
    ...defined("region", here.region),
    ...defined("instance", here.instance),
    ...defined("privateIp", here.privateIp),
    ...defined("routeAll", here.routeAll),
    version,
    ...("banner" in banner ? banner : {}),
    represents: representsOf(environment, besideOf(environment)),
  };
}

/** What is not proved to be the same stays unknown: an absent variable proves nothing. */
export function representsOf(
  environment: Environment,
  beside: Beside | undefined,
  more: Verdicts = {},
): Represents {
  const here = detect(environment);
  if (beside === undefined) return told("unknown", "unknown", more);
  if (isSameSite(environment, here, beside)) {
    return { app: beside.app, basis: "same-site", same: [...aspects], differs: [], unknown: [] };
  }
  const subnet = more.subnet ?? subnetVerdict(here, beside);
  const bySettings = settingsVerdicts(environment, beside);
  const represents = told(beside.app, basisOf(here, beside, subnet), {
    ...bySettings.verdicts,
    ...more,
    subnet,
  });
  return bySettings.differ
    ? { ...represents, differs: [...represents.differs, "app settings"] }
    : represents;
}

function told(app: string, basis: Represents["basis"], verdicts: Verdicts): Represents {
  const of = (wanted: string) => aspects.filter((one) => (verdicts[one] ?? "unknown") === wanted);
  return { app, basis, same: of("same"), differs: of("differs"), unknown: of("unknown") };
}

/** Production has a name of its own among slots. */
const slotOf = (slot = "") => (slot.toLowerCase() === "production" ? "" : slot.toLowerCase());

/** Names of sites repeat between resource groups, so what the id says more must agree too. */
function isSameSite(environment: Environment, here: Platform, beside: Beside): boolean {
  const { app, slot, subscription, group } = beside;
  if (here.platform !== "app-service" || here.app?.toLowerCase() !== app.toLowerCase())
    return false;
  if (slotOf(here.slot) !== slotOf(slot)) return false;
  const owner = /^([0-9a-f-]{36})\+/i.exec(environment["WEBSITE_OWNER_NAME"] ?? "")?.[1];
  return agrees(subscription, owner) && agrees(group, named(environment, "WEBSITE_RESOURCE_GROUP"));
}

function agrees(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one.toLowerCase() === other.toLowerCase();
}

/** A resource id cannot be seen from inside: the deployment's word counts when there is an address at all. */
function subnetVerdict(
  { privateIp }: Platform,
  { subnet }: Beside,
): "same" | "differs" | "unknown" {
  if (subnet === undefined || privateIp === undefined) return "unknown";
  return (liesIn(subnet, privateIp) ?? true) ? "same" : "differs";
}

/** App settings alone decide certificates and proxies; routing and DNS may be site properties as well. */
function settingsVerdicts(environment: Environment, { settings }: Beside) {
  if (settings === undefined) return { verdicts: {}, differ: false };
  const mine = networkSettings(Object.entries(environment));
  const differ = fingerprint(mine) !== settings;
  const same = (aspect: Aspect) => (isHidden(mine, aspect) ? "unknown" : "same");
  const verdicts: Verdicts = differ
    ? {}
    : { certificates: same("certificates"), proxies: same("proxies") };
  return { verdicts, differ };
}

function basisOf(here: Platform, beside: Beside, subnet: string): Represents["basis"] {
  const { environment, samePlan } = beside;
  if (environment !== undefined && environment === here.environmentSuffix) {
    return "same-environment";
  }
  if (subnet !== "same") return "unknown";
  return samePlan === true ? "same-plan-subnet" : "same-subnet";
}
