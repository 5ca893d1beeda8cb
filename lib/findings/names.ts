/** What the names of an app, and what answers at them, tell of the way in. */
import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

const networking = "https://learn.microsoft.com/azure/app-service/environment/networking";

/** The facts of one name, at the first of its branches. */
function ownOf(leaf: Leaf, all: readonly Leaf[]) {
  const { own } = leaf.facts;
  const first = own === undefined ? undefined : all.find(({ facts }) => facts.own === own);
  return first === leaf ? own : undefined;
}

const siblingOf = (all: readonly Leaf[], role: string) =>
  all.map(({ facts }) => facts.own).find((own) => own?.role === role);

export const namesRules: readonly Rule[] = [
  {
    code: "names.scm_missing",
    severity: "warn",
    blame: "dns",
    confidence: "likely",
    title: "The app's name resolves, and the one of its deployment site does not",
    why:
      "Behind an internal load balancer or a private endpoint the names live in a private zone, and the deployment " +
      "site needs a record of its own there. Without it neither the portal's console nor a deployment finds it.",
    rivals: ["the platform has another form of name for this app's deployment site"],
    next: [
      "App Service Environment: does its zone hold the records *, @ and *.scm, all with the load balancer's address?",
      "Private endpoint: does privatelink.azurewebsites.net hold NAME and NAME.scm?",
    ],
    docs: networking,
    basis: "documents",
    when(leaf, all) {
      const own = ownOf(leaf, all);
      const site = siblingOf(all, "site");
      return own?.role === "scm" && own.entry === "nowhere" && (site?.addresses?.length ?? 0) > 0
        ? `${own.name} has no address, ${site?.name} has`
        : undefined;
    },
  },
  {
    code: "names.scm_hidden",
    severity: "info",
    blame: "platform",
    confidence: "certain",
    title: "The deployment site answers inside the network alone",
    why:
      "It stands behind the same private address as the app. What reaches it from outside does not: the portal's " +
      "console, log stream and advanced tools, hosted build agents, and functions of the portal that ask Kudu.",
    rivals: [],
    next: [
      "Deploy from an agent inside the network, or from one that is connected to it.",
      "Open the deployment site from a machine that uses the network's DNS.",
    ],
    docs: networking,
    basis: "documents",
    when(leaf, all) {
      const own = ownOf(leaf, all);
      const hidden = own?.entry === "internal-load-balancer" || own?.entry === "private-endpoint";
      return own?.role === "scm" && hidden
        ? `${own.name} leads to ${own.addresses?.map(({ address }) => address).join(", ")}`
        : undefined;
    },
  },
  {
    code: "names.no_binding",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    title: "What answers has no certificate for this name",
    why: "Asked for the name by SNI, the address shows the certificate of another one: clients will refuse it.",
    rivals: ["a TLS-inspecting proxy on the way out answers in its place"],
    next: [
      "Does the app, gateway or Front Door have this custom domain with a certificate bound to it?",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/configure-ssl-bindings",
    when({ facts: { presented } }) {
      const { withName, servername } = presented ?? {};
      return withName?.isForName === false
        ? `${servername} is answered with ${withName.subject}`
        : undefined;
    },
  },
  {
    code: "names.leads_elsewhere",
    severity: "info",
    blame: "configuration",
    confidence: "possible",
    title: "The name does not lead to this app as far as DNS shows",
    why: "Neither its aliases nor its addresses are those of the app, of Front Door, or of a gateway that Azure names.",
    rivals: ["a proxy or gateway of your own stands in front, under a name of its own"],
    next: ["Ask that name for /api/echo: the hops tell what stands in front."],
    when(leaf, all) {
      const own = ownOf(leaf, all);
      return own?.entry === "elsewhere"
        ? `${own.name} leads to ${own.addresses?.map(({ address }) => address).join(", ")}`
        : undefined;
    },
  },
];
