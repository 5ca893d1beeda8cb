/** Names of Container Apps that are not known here: of an app's own ingress, or of its whole environment. */
import type { Leaf } from "../../leaves.ts";
import type { Rule } from "../rule.ts";
import { denied, nameOf } from "./views.ts";

const deniedOf = (leaf: Leaf, pattern: RegExp) =>
  denied(leaf) && pattern.test(nameOf(leaf))
    ? `${nameOf(leaf)} is not known to this view`
    : undefined;

export const containerAppRules: readonly Rule[] = [
  {
    code: "dns.container_apps_internal",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "An internal name of a Container Apps environment is not known here",
    why:
      "A name with .internal. belongs to an app whose ingress is limited to its environment: it answers " +
      "inside that environment only.",
    rivals: [
      "whoever asks is inside, and the app, or its ingress, is gone",
      "the environment belongs to another network",
    ],
    next: [
      "Is the app to be reached from outside its environment? Let its ingress take traffic from " +
        "everywhere (in an internal environment that is the VNet), and use its name without .internal.",
      "A private zone with a * record alone makes the name resolve, and its ingress stays limited.",
    ],
    docs: "https://learn.microsoft.com/azure/container-apps/ingress-overview",
    when: (leaf) => deniedOf(leaf, /\.internal\..*\.azurecontainerapps\.(io|cn)$/),
  },
  {
    code: "dns.container_apps_zone",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "No zone here has the domain of this Container Apps environment",
    why:
      "The names of an external environment are in public DNS, all of them by one * record. Those of an " +
      "internal one are in no zone until somebody makes it.",
    rivals: ["the environment is gone", "its name, or the region's, is misspelled"],
    next: [
      "Is the environment internal? Make a private DNS zone for its default domain, with a * record for " +
        "its static address, and link it to the VNet of whoever asks.",
    ],
    docs: "https://learn.microsoft.com/azure/container-apps/networking",
    when: (leaf) => deniedOf(leaf, /^(?!.*\.internal\.)(?:[^.]+\.){3}azurecontainerapps\.(io|cn)$/),
  },
];
