/** What the place of this process tells of itself. */
import * as z from "zod";
import { bannerColours } from "../platform/banner.ts";
import { represents } from "./represents.ts";
import type { FactSheet } from "../stage.ts";
import { includes, isTrue, line, oneOf } from "./read.ts";

const UNKNOWN = "unknown";
const orUnknown = "`unknown` where the environment does not show it";

const facts = z.object({
  banner: z
    .object({ text: z.string(), colour: z.enum(bannerColours) })
    .optional()
    .describe("What the page shows above everything: SONDE_BANNER"),
  app: z.string().describe("The site or container app, or `local`"),
  slot: z.string().describe(orUnknown),
  region: z.string().describe(orUnknown),
  platform: z.string(),
  plan: z.string().describe(orUnknown),
  instance: z.string().describe("Enough to tell two workers apart"),
  privateIp: z
    .string()
    .describe("The address in the integration subnet; only some plans show one, integrated or not"),
  dnsServers: z
    .array(z.string())
    .describe("The name servers in effect, in the order they are asked"),
  routeAll: z
    .union([z.boolean(), z.literal(UNKNOWN)])
    .describe(
      "Whether all traffic is sent into the network; a site property that is not shown is unknown",
    ),
  represents,
  limits: z.object({
    requestMs: z.int().optional().describe("How long a request may take on this platform"),
    snatPorts: z
      .int()
      .optional()
      .describe("Preallocated outbound ports of an instance for each public address and port"),
  }),
  versions: z.object({
    sonde: z.string(),
    node: z.string(),
    os: z.string(),
    functions: z.string().optional(),
    platform: z.string().optional(),
  }),
  startedAt: z.string().describe("When this process began"),
  clock: z.string().describe("What time it is here; `ntp` compares it with a time server"),
  interfaces: z.array(z.object({ name: z.string(), address: z.string(), class: z.string() })),
  gateways: z.array(z.string()).describe("Default gateways, where the system shows its routes"),
  dns: z
    .object({
      servers: z.array(z.string()).readonly(),
      alternative: z.string().optional(),
      timeoutSeconds: z.int().optional(),
      attempts: z.int().optional(),
      cacheSeconds: z.int().optional(),
    })
    .describe("As app settings say it; site properties of the same meaning are not shown"),
  resolvers: z.array(z.object({ address: z.string(), origin: z.string() })),
  vnet: z.object({
    name: z.string().optional(),
    expectedBy: z.array(z.string()).describe("Settings that are meant for an integrated app"),
    showsPrivateIp: z.boolean().describe("Whether this plan shows an integrated app its address"),
    contentOverVnet: z.boolean().optional(),
    pullImageOverVnet: z.boolean().optional(),
  }),
  hybridConnections: z.array(z.string()).describe("host:port of each; keys stay where they are"),
  easyAuth: z.boolean(),
  certificates: z.array(z.string()).describe("Thumbprints that the platform is told to load"),
  extraCas: z.array(z.string()).describe("Variables that add authorities, by name"),
  proxies: z.array(z.string()).describe("Variables that name a proxy, by name; Sonde uses none"),
  settings: z.string().describe("Fingerprint of the network app settings, to compare two apps by"),
  beside: z
    .object({ app: z.string(), subnet: z.string().optional(), date: z.string().optional() })
    .optional()
    .describe("What the deployment wrote in SONDE_BESIDE"),
  variables: z.array(z.string()).describe("Names of platform variables; never a value"),
  otherVariables: z.int().describe("How many more are set, whose names are not shown"),
});

type Facts = z.infer<typeof facts>;

const listed = (items: readonly string[]) => (items.length === 0 ? undefined : items.join(", "));

function dnsLine({ servers, alternative, ...more }: Facts["dns"]): string | undefined {
  const said = [
    ...(servers.length > 0 ? [`servers ${servers.join(", ")}`] : []),
    ...(alternative === undefined ? [] : [`alternative ${alternative}`]),
    ...Object.entries(more).map(([name, value]) => `${name} ${value}`),
  ];
  return listed(said);
}

function standing({ app, basis, same, differs, unknown }: Facts["represents"]): string[] {
  if (app === UNKNOWN) return ["nobody said for which app: see SONDE_BESIDE"];
  const parts = { same, differs, unknown };
  return [
    `${app} (${basis === UNKNOWN ? "how far is unknown" : basis.replaceAll("-", " ")})`,
    ...Object.entries(parts).flatMap(([name, all]) =>
      all.length === 0 ? [] : [`${name}: ${all.join(", ")}`],
    ),
  ];
}

/** Facts that are `unknown`, together: a line for each would say little. */
const said = (text: string) => (text === UNKNOWN ? undefined : text);

function notTold(
  seen: Pick<Facts, "slot" | "plan" | "region" | "instance" | "privateIp" | "routeAll">,
) {
  const { privateIp, routeAll, ...plain } = seen;
  const named = Object.entries({ ...plain, "private address": privateIp, "route all": routeAll });
  return named.flatMap(([name, value]) => (value === UNKNOWN ? [name] : []));
}

export const locateSheet = {
  name: "locate",
  proves: "Sonde runs here and shows its place",
  facts,
  headline: line(facts, "At", ["app", "platform", "plan"], ({ app, platform, plan }) =>
    [app, platform, ...(plan === UNKNOWN ? [] : [plan])].join(", "),
  ),
  lines: [
    line(facts, "Banner", ["banner"], ({ banner }) => `${banner.text} (${banner.colour})`),
    line(facts, "App", ["app", "slot"], ({ app, slot }) =>
      slot === UNKNOWN ? app : `${app}, slot ${slot}`,
    ),
    line(facts, "Platform", ["platform", "plan", "region"], ({ platform, plan, region }) =>
      [platform, plan, region].filter((part) => part !== UNKNOWN).join(", "),
    ),
    line(facts, "Instance", ["instance", "startedAt"], ({ instance, startedAt }) =>
      [...(instance === UNKNOWN ? [] : [instance]), `since ${startedAt}`].join(", "),
    ),
    line(facts, "Stands for", ["represents"], (seen) => standing(seen.represents)),
    line(facts, "Private address", ["privateIp"], ({ privateIp }) => said(privateIp)),
    line(facts, "Route all", ["routeAll"], ({ routeAll }) => said(String(routeAll))),
    line(
      facts,
      "Unknown",
      ["slot", "plan", "region", "instance", "privateIp", "routeAll"],
      ({ slot, plan, region, instance, privateIp, routeAll }) => {
        const names = notTold({ slot, plan, region, instance, privateIp, routeAll });
        return names.length === 0
          ? undefined
          : `${names.join(", ")}: the environment does not show it`;
      },
    ),
    line(facts, "Name servers", ["resolvers"], ({ resolvers }) =>
      resolvers.map(({ address, origin }) => `${address} (${origin})`),
    ),
    line(facts, "DNS settings", ["dns"], ({ dns }) => dnsLine(dns)),
    line(facts, "Interfaces", ["interfaces"], ({ interfaces }) =>
      interfaces.map((one) => `${one.name} ${one.address} (${one.class})`),
    ),
    line(facts, "Gateways", ["gateways"], ({ gateways }) => listed(gateways)),
    line(facts, "Hybrid connections", ["hybridConnections"], (seen) => seen.hybridConnections),
    line(facts, "Easy Auth", ["easyAuth"], ({ easyAuth }) => (easyAuth ? "on" : "off")),
    line(facts, "Certificates", ["certificates"], ({ certificates }) => listed(certificates)),
    line(facts, "Extra authorities", ["extraCas"], ({ extraCas }) => listed(extraCas)),
    line(facts, "Proxies set", ["proxies"], ({ proxies }) => listed(proxies)),
    line(facts, "Settings", ["settings"], ({ settings }) => `fingerprint ${settings}`),
    line(facts, "Versions", ["versions"], ({ versions }) =>
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ),
    line(facts, "Clock", ["clock"], ({ clock }) => clock),
    line(facts, "Limits", ["limits"], ({ limits: { requestMs, snatPorts } }) => [
      ...(requestMs === undefined ? [] : [`${requestMs} ms for a request`]),
      ...(snatPorts === undefined ? [] : [`${snatPorts} ports for each public destination`]),
    ]),
  ],
  gauges: [],
  expect: {
    region: oneOf(facts, "region", "The region Sonde runs in"),
    plan: oneOf(facts, "plan", "The kind of plan, such as elastic-premium"),
    privateIp: oneOf(facts, "privateIp", "The address in the integration subnet"),
    dnsServer: includes(facts, "dnsServers", "Name servers that must be in effect"),
    easyAuth: isTrue(facts, "easyAuth", "Whether the platform's sign-in is on"),
  },
} as const satisfies FactSheet<"locate", typeof facts>;
