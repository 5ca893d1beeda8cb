/**
 * By which door a name of an app leads in, as far as DNS shows it: the shared address of the scale unit, an
 * address of the app's own, the internal load balancer of an App Service Environment, a private
 * endpoint, Front Door or a gateway. Pure.
 * https://learn.microsoft.com/azure/app-service/networking-features
 */
import type { Environment } from "../here.ts";
import { classOf } from "../policy/classes.ts";
import { isPrivateLinkName } from "./private-link.ts";
import { named } from "./values.ts";

export const nameRoles = ["site", "scm", "container-app", "custom"] as const;
export type NameRole = (typeof nameRoles)[number];

export interface OwnName {
  readonly name: string;
  readonly role: NameRole;
}

/** The names that the platform gave this app. On App Service the deployment site has one beside it. */
export function ownNames(environment: Environment): readonly OwnName[] {
  const site = (environment["WEBSITE_HOSTNAME"] ?? "").toLowerCase();
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(site)) {
    const [first = "", ...rest] = site.split(".");
    return [
      { name: site, role: "site" },
      { name: [first, "scm", ...rest].join("."), role: "scm" },
    ];
  }
  const app = named(environment, "CONTAINER_APP_NAME");
  const suffix = named(environment, "CONTAINER_APP_ENV_DNS_SUFFIX");
  return app === undefined || suffix === undefined
    ? []
    : [{ name: `${app}.${suffix}`.toLowerCase(), role: "container-app" }];
}

export const entries = [
  "shared",
  "app-assigned",
  "private-endpoint",
  "internal-load-balancer",
  "environment",
  "container-apps",
  "front-door",
  "gateway",
  "elsewhere",
  "nowhere",
] as const;

export interface Entry {
  readonly entry: (typeof entries)[number];
  readonly why: string;
}

export interface Resolved extends OwnName {
  /** What this app resolves it to, by the system resolver. */
  readonly addresses: readonly string[];
  /** Aliases that any view showed on the way. */
  readonly aliases: readonly string[];
  /** Addresses of the app's other names that were looked at before, by their role. */
  readonly siblings: Readonly<Partial<Record<NameRole, readonly string[]>>>;
}

interface Sign {
  readonly entry: Entry["entry"];
  when(seen: Resolved): string | undefined;
}

/** The first sign that applies. Front doors of others come first: behind them the app's own does not show. */
export function entryOf(seen: Resolved): Entry {
  for (const sign of signs) {
    const why = sign.when(seen);
    if (why !== undefined) return { entry: sign.entry, why };
  }
  return { entry: "elsewhere", why: "nothing in its aliases or addresses belongs to this app" };
}

const isPrivate = ({ addresses }: Resolved) =>
  addresses.every((one) => ["private", "unique-local"].includes(classOf(one)));

const within = (suffixes: RegExp) => (seen: Resolved) =>
  [seen.name, ...seen.aliases].find((one) => suffixes.test(one));

const frontDoor = within(/\.(?:azurefd\.net|azurefd\.us|t-msedge\.net|azureedge\.net)$/);
const gateway = within(/\.(?:azure-api\.net|cloudapp\.azure\.com|cloudapp\.net)$/);
const environment = within(/\.(?:appserviceenvironment\.(?:net|us)|p\.azurewebsites\.net)$/);
const site = within(/\.(?:azurewebsites\.(?:net|us)|chinacloudsites\.cn)$/);
const containerApp = within(/\.azurecontainerapps\.(?:io|us|cn)$/);

const equal = (one: readonly string[], other: readonly string[] = []) =>
  other.length > 0 && one.every((each) => other.includes(each));

/** The deployment site keeps the shared address when the app has one of its own. */
function isAssigned({ role, addresses, siblings: { scm, site: own } }: Resolved): boolean {
  const other = role === "scm" ? own : scm;
  return other !== undefined && other.length > 0 && !addresses.some((one) => other.includes(one));
}

const signs: readonly Sign[] = [
  {
    entry: "nowhere",
    when: ({ addresses }) => (addresses.length === 0 ? "this app cannot resolve it" : undefined),
  },
  { entry: "front-door", when: (seen) => alias(seen, frontDoor(seen)) },
  {
    entry: "private-endpoint",
    when: (seen) => {
      const zone = seen.aliases.find(isPrivateLinkName);
      return zone !== undefined && isPrivate(seen)
        ? `${zone} leads to a private address`
        : undefined;
    },
  },
  {
    entry: "internal-load-balancer",
    when: (seen) =>
      environment(seen) !== undefined && isPrivate(seen)
        ? "the name is of an App Service Environment, and the address is private"
        : undefined,
  },
  { entry: "environment", when: (seen) => alias(seen, environment(seen)) },
  {
    entry: "private-endpoint",
    when: (seen) =>
      site(seen) !== undefined && isPrivate(seen)
        ? "a name of App Service resolves to a private address here"
        : undefined,
  },
  { entry: "gateway", when: (seen) => alias(seen, gateway(seen)) },
  {
    entry: "app-assigned",
    when: (seen) =>
      seen.role !== "scm" && site(seen) !== undefined && isAssigned(seen)
        ? "its address is not the one of the deployment site, which stays on the shared address"
        : undefined,
  },
  { entry: "shared", when: (seen) => alias(seen, site(seen)) },
  { entry: "container-apps", when: (seen) => alias(seen, containerApp(seen)) },
  {
    entry: "shared",
    when: ({ role, addresses, siblings }) =>
      role === "custom" && equal(addresses, siblings.site)
        ? "its address is that of the app's own name"
        : undefined,
  },
];

function alias({ name }: Resolved, found: string | undefined): string | undefined {
  if (found === undefined) return undefined;
  return found === name ? "its own name says so" : `${found} is on the way`;
}
