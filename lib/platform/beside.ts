/**
 * `SONDE_BESIDE`: for whom this Sonde was deployed, written by the deployment itself, because no variable
 * of one app tells anything about another. JSON, or `key=value` separated by white space or semicolons.
 */
import type { Environment } from "../here.ts";
import { parseAddress } from "../policy/address.ts";
import { bitsOf, contains, prefixOf, type Prefix } from "../policy/prefix.ts";
import { parseJson } from "../protocols/json.ts";
import { defined, isName } from "./values.ts";

export interface Beside {
  /** The site or container app that is diagnosed. */
  readonly app: string;
  readonly slot?: string;
  /** Where its resource id said so. */
  readonly subscription?: string;
  readonly group?: string;
  /** Its integration subnet: the address prefix, or the resource id in lower case. */
  readonly subnet?: string;
  /** The suffix of its Container Apps environment. */
  readonly environment?: string;
  /** The deployment put both into one App Service plan. */
  readonly samePlan?: boolean;
  /** The fingerprint of its network settings when this was written. */
  readonly settings?: string;
  /** When it was written, as `YYYY-MM-DD`. */
  readonly date?: string;
}

const MOST = 4096;
const idShape =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([\w.()-]{1,90})\/providers\/Microsoft\.(?:Web\/sites|App\/containerApps)\/([\w-]{1,64})(?:\/slots\/([\w-]{1,64}))?$/i;
const subnetShape =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w.()-]{1,90}\/providers\/Microsoft\.Network\/virtualNetworks\/[\w.-]{1,80}\/subnets\/[\w.-]{1,80}$/i;

/** Nothing when the setting is absent or names no app. What has not the shape it should have is left out. */
export function besideOf(environment: Environment): Beside | undefined {
  const text = environment["SONDE_BESIDE"] ?? "";
  if (text === "" || text.length > MOST) return undefined;
  const pairs = pairsOf(text);
  const app = appOf(pairs.get("app") ?? pairs.get("id") ?? "");
  if (app === undefined) return undefined;
  return {
    ...app,
    ...defined("subnet", subnetOf(pairs.get("subnet"))),
    ...defined("environment", shaped(pairs.get("environment"), /^[\w.-]{1,253}$/)),
    ...(pairs.get("sameplan") === "true" ? { samePlan: true } : {}),
    ...defined("settings", shaped(pairs.get("settings"), /^[0-9a-f]{16}$/)),
    ...defined("date", shaped(pairs.get("date"), /^\d{4}-\d\d-\d\d/)?.slice(0, 10)),
  };
}

/** Keys in lower case. */
function pairsOf(text: string): ReadonlyMap<string, string> {
  const entries = fromJson(text) ?? text.split(/[\s;]+/).map(cut);
  return new Map(entries.map(([key, value]) => [key.toLowerCase(), value]));
}

function fromJson(text: string): [string, string][] | undefined {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null) return undefined; // it is written as pairs
  return Object.entries(value).map(([key, one]): [string, string] => [key, String(one)]);
}

function cut(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? ["app", pair] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** The app that a resource id, or a plain name, is about. */
export function appOf(id: string) {
  const [, subscription, group, app, slot] = idShape.exec(id) ?? [];
  if (subscription === undefined || group === undefined || app === undefined) {
    return isName(id) ? { app: id } : undefined;
  }
  return { app, subscription, group, ...defined("slot", slot) };
}

/** A prefix in canonical form, or a resource id in lower case. */
export function subnetOf(text = ""): string | undefined {
  if (subnetShape.test(text)) return text.toLowerCase();
  return readPrefix(text) === undefined ? undefined : text;
}

function readPrefix(text: string): Prefix | undefined {
  const [, written = "", digits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseAddress(written);
  if (address === undefined || Number(digits) > bitsOf(address.family)) return undefined;
  return prefixOf(address, Number(digits));
}

/** Whether an address lies in a subnet that is given as a prefix; unknown for a resource id. */
export function liesIn(subnet: string, text: string): boolean | undefined {
  const block = readPrefix(subnet);
  const address = parseAddress(text);
  return block === undefined || address === undefined ? undefined : contains(block, address);
}

function shaped(text: string | undefined, shape: RegExp): string | undefined {
  return text !== undefined && shape.test(text) ? text : undefined;
}
