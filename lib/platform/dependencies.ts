/**
 * What the settings of an app point at. Of a value only scheme, host and port are kept; of a setting its
 * name, because that is what whoever reads the report calls it.
 */
import { readConnection, type Reading } from "./connection.ts";
import type { Place } from "./place.ts";
import { placeOf } from "../protocols/authority.ts";

/** A setting that points somewhere. */
export interface Dependency extends Reading {
  /** As the app calls it, without the prefix that the platform puts before it. */
  readonly setting: string;
  /** It stands among the connection strings of the app, and not among its settings. */
  readonly isConnectionString?: true;
}

type Settings = Iterable<readonly [name: string, value: string | undefined]>;

/**
 * App Service shows a connection string under a prefix that tells its kind, and every app setting twice.
 * https://learn.microsoft.com/azure/app-service/reference-app-settings
 */
const prefix = new RegExp(
  "^(?:APPSETTING|(?:SQL|SQLAZURE|MYSQL|POSTGRESQL|CUSTOM|REDISCACHE|SERVICEBUS|EVENTHUB|DOCDB|" +
    "NOTIFICATIONHUB|APIHUB)CONNSTR)_",
);

const connectionStringPrefix = /^[A-Z]+CONNSTR_/;

/** Variables of platforms, shells and of Sonde itself. What they point at is no dependency of the app. */
const foreign =
  /^(?:SONDE_|IDENTITY_|MSI_|CONTAINER_APP_|KUBERNETES_|npm_|WEBSITE_(?!CONTENTAZUREFILECONNECTIONSTRING$|RUN_FROM_PACKAGE$)|(?:https?|all|no|ftp)_proxy$|SCM_|DOTNET_|ASPNETCORE_|FUNCTIONS_(?!.*CONN)|APPSETTING_WEBSITE_|DIAGNOSTIC_|(?:PATH|HOME|PWD|SHELL|LANG|TERM|DISPLAY|HOSTNAME|SSH_\w+|DBUS_\w+|XDG_\w+)$)/i;

export const CONTENT_SHARE = "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING";

/** In the order of their names. A setting that holds no place that can be read is left out. */
export function dependenciesIn(settings: Settings): readonly Dependency[] {
  const found = new Map<string, Dependency>();
  for (const [given, value = ""] of settings) {
    const setting = plainName(given);
    if (foreign.test(setting)) continue;
    const reading = readSetting(given, value);
    if (reading !== undefined) found.set(setting, { setting, ...reading });
  }
  return [...found.values()].toSorted((a, b) => (a.setting < b.setting ? -1 : 1));
}

/** The prefix tells the dialect, the name may tell what the value is. */
function readSetting(given: string, value: string): Reading | undefined {
  const reading = readConnection(value, given);
  if (plainName(given) !== CONTENT_SHARE || reading === undefined) return reading;
  // The platform mounts the share; of the account it needs this service alone.
  const places = reading.places.flatMap((place) => {
    const host = place.host.replace(/^([a-z0-9]+)\.blob\./, "$1.file.");
    return host === place.host && !host.includes(".file.") ? [] : [{ ...place, host }];
  });
  return places.length === 0 ? undefined : { ...reading, places };
}

function plainName(given: string): string {
  return given.replace(prefix, "");
}

export type Found = Dependency | { readonly isUnreadable: true } | undefined;

/** A setting by its name, in any case and under any prefix; `:` and `__` are the same. */
export function settingNamed(name: string, settings: Settings): Found {
  const wanted = normal(name).replace(/^connectionstrings__/, "");
  let isThere = false;
  for (const [given, value = ""] of settings) {
    const setting = plainName(given);
    const isIt = normal(given) === wanted || normal(setting) === wanted;
    if (!isIt && normal(setting) !== normal(`ConnectionStrings__${name}`)) continue;
    isThere = true;
    const reading = readSetting(given, value);
    if (reading === undefined) continue;
    const kind = connectionStringPrefix.test(given) ? { isConnectionString: true as const } : {};
    return { setting, ...reading, ...kind };
  }
  return isThere ? { isUnreadable: true } : undefined;
}

const normal = (name: string) => name.toLowerCase().replaceAll(":", "__");

/** As a check takes it. */
export function targetOf(place: Place): string {
  return `${place.scheme}://${placeOf(place)}`;
}
