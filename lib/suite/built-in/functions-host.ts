import { CONTENT_SHARE, dependenciesIn, targetOf } from "../../platform/dependencies.ts";
import { askedOf, type BuiltIn, type Given, type Written } from "./built-in.ts";

/** The settings that the Functions host itself lives on, and what each is to it. */
const roles: readonly (readonly [setting: RegExp, what: string])[] = [
  [/^AzureWebJobsStorage(?:__\w+)?$/i, "host storage"],
  [/^AzureWebJobsDashboard$/i, "old log storage"],
  [/^(?:APPLICATIONINSIGHTS_CONNECTION_STRING|APPINSIGHTS_INSTRUMENTATIONKEY)$/i, "telemetry"],
  [/^WEBSITE_RUN_FROM_PACKAGE$/i, "the package"],
  [/^AzureWebJobsSecretStorage(?:KeyVaultUri|Sas)$/i, "the store of keys"],
];

export const functionsHost: BuiltIn = {
  name: "functions-host",
  title: "Functions host",
  summary:
    "The accounts that the Functions host itself lives on: storage, content share, telemetry.",
  sources: [
    "https://learn.microsoft.com/azure/azure-functions/storage-considerations",
    "https://learn.microsoft.com/azure/azure-functions/functions-app-settings",
  ],
  notProved: [
    "the platform's own traffic: it mounts the content share, fetches the package and watches triggers to scale, on paths that a socket of the app does not show",
    "SMB: port 445 of the content share is closed to apps on Windows plans, so only its HTTPS side is asked here",
    "access: keys, roles and the identity are not used",
  ],
  readsSettings: true,
  nothing: "no setting of the Functions host names a place, such as AzureWebJobsStorage",
  checks: (given) => [...hosted(given), ...content(given)],
};

function hosted(given: Given): readonly Written[] {
  return dependenciesIn(given.settings).flatMap((dependency) => {
    const { setting, places } = dependency;
    const [, what] = roles.find(([name]) => name.test(setting)) ?? [];
    if (what === undefined) return [];
    return places.map((place): Written => ({
      name: `${what}: ${place.host}`,
      ...askedOf(given, dependency, place),
      tags: [setting],
    }));
  });
}

/** The account of the share, from where the app is: whether its name and its HTTPS side are there. */
function content({ settings }: Given): readonly Written[] {
  const share = dependenciesIn(settings).find(({ setting }) => setting === CONTENT_SHARE);
  return (share?.places ?? []).map((place): Written => ({
    name: `content share, which the platform mounts: ${place.host}`,
    target: targetOf(place),
    tags: [CONTENT_SHARE],
    level: "warn",
  }));
}
