/**
 * What `az webapp show`, `az webapp config show` and `az webapp config appsettings list` tell about the
 * network of an app. Only network settings are kept, of proxies only host:port; nothing is stored.
 */
import { appOf, subnetOf } from "./beside.ts";
import { networkSettings, type Setting } from "./settings.ts";
import { defined, isAddress } from "./values.ts";

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

const parts = ["webapp", "config", "appsettings"];

/** What would be taken for an app without settings, or passed over; nothing where all of it can be read. */
export function unreadIn(value: unknown): string | undefined {
  if (Array.isArray(value)) return isSettings(value) ? undefined : notSettings;
  if (typeof value !== "object" || value === null) return undefined;
  const names = Object.keys(value);
  if (!names.some((name) => parts.includes(name))) return undefined;
  const strange = names.find((name) => !parts.includes(name));
  if (strange !== undefined) return `only ${parts.join(", ")} may stand beside each other`;
  const flat = ["webapp", "config"].find(
    (name) => names.includes(name) && !isPlain(at(value, name)),
  );
  if (flat !== undefined) return `${flat} must be the object that the command prints`;
  const settings = at(value, "appsettings");
  return settings === undefined || isSettings(settings) ? undefined : `appsettings: ${notSettings}`;
}

const notSettings =
  "a list must be that of az webapp config appsettings list: objects with name and value";

function isSettings(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((one) => {
      const held = at(one, "value");
      return textOf(at(one, "name")) !== undefined && (held === null || textOf(held) !== undefined);
    })
  );
}

const isPlain = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Never throws: what is not understood is left out. */
export function readPasted(value: unknown): Pasted {
  if (Array.isArray(value)) return { settings: settingsIn(value) };
  const outputs = [value, at(value, "webapp"), at(value, "config")];
  // Some commands and the REST API put all but the id one level deeper.
  const all = outputs.flatMap((one) => [one, at(one, "properties"), at(one, "siteConfig")]);
  const first = <T>(read: (part: unknown) => T | undefined): T | undefined =>
    all.map(read).find((one) => one !== undefined);
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
