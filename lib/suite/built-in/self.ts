import { dependenciesIn, targetOf } from "../../platform/dependencies.ts";
import { askedOf, type BuiltIn, type Written } from "./built-in.ts";

interface Named {
  readonly settingNames: readonly string[];
  readonly asked: ReturnType<typeof askedOf>;
}

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
  checks(given) {
    const named = new Map<string, Named>();
    for (const dependency of dependenciesIn(given.settings)) {
      for (const place of dependency.places) {
        const asked = askedOf(given, dependency, place);
        const before = named.get(targetOf(place));
        // One reference tells of all that lead to the same store.
        const isTold = before === undefined || asked.setting !== undefined;
        const settingNames = [...(before?.settingNames ?? []), dependency.setting];
        named.set(targetOf(place), { settingNames, asked: isTold ? asked : before.asked });
      }
    }
    return [...named.values()].slice(0, MOST).map(({ settingNames, asked }): Written => ({
      name: settingNames.join(", ").slice(0, 200),
      ...asked,
      tags: settingNames.slice(0, 20).map((one) => one.slice(0, 100)),
    }));
  },
};

/** As many as a suite may hold. */
const MOST = 200;
