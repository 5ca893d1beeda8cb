import { dependenciesIn, targetOf } from "../../platform/dependencies.ts";
import type { BuiltIn, Written } from "./built-in.ts";

/** Every dependency in the settings, each place once, under the names of the settings that lead to it. */
export const self: BuiltIn = {
  name: "self",
  title: "This app's own dependencies",
  summary:
    "Every place that the app settings name, here or in pasted ones; only host and port are read.",
  sources: ["https://learn.microsoft.com/azure/app-service/reference-app-settings"],
  notProved: [
    "dependencies that stand in code or in files, and no setting names",
    "access: no user name, key or password of a setting is used",
  ],
  readsSettings: true,
  nothing: "no setting holds a host and a port that can be read",
  checks({ settings }) {
    const named = new Map<string, string[]>();
    for (const { setting, places } of dependenciesIn(settings)) {
      for (const place of places) {
        const target = targetOf(place);
        named.set(target, [...(named.get(target) ?? []), setting]);
      }
    }
    return [...named].slice(0, MOST).map(([target, settingNames]): Written => ({
      name: settingNames.join(", ").slice(0, 200),
      target,
      tags: settingNames.slice(0, 20).map((one) => one.slice(0, 100)),
    }));
  },
};

/** As many as a suite may hold. */
const MOST = 200;
