import type { Rule } from "./rule.ts";

/** What the settings of an app say about themselves. */
export const settingRules: readonly Rule[] = [
  {
    code: "setting.reference_unresolved",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "A reference was not resolved",
    why:
      "The platform replaces such a reference by the secret before the app starts, by the app's identity and its " +
      "own way through the network. The text is still there, so it did not. What was checked here is the way " +
      "from code to the store, which is another.",
    rivals: [
      "the identity of this Sonde may not read the secret, while that of the app may",
      "the reference is new, and the app has not been restarted since",
      "the reference is misspelt, or the secret has no such version",
    ],
    next: [
      "What does the platform say of it? The command reads the status of the reference.",
      "May the app's identity read secrets of this store, and does the store's firewall let the app's subnet in?",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/app-service-key-vault-references",
    when({ facts: { setting } }) {
      const { name, reference } = setting ?? {};
      return reference === undefined
        ? undefined
        : `${name} still holds a reference to ${reference}`;
    },
  },
];
