/** What can be known of the place of this process. */
import * as z from "zod";
import { bannerColours } from "../platform/banner.ts";
import { represents } from "./represents.ts";

export const UNKNOWN = "unknown";
const orUnknown = "`unknown` where the environment does not show it";

export const facts = z.object({
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
      fault: z.string().optional().describe("Why the platform may not read WEBSITE_DNS_SERVER"),
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

export type Facts = z.infer<typeof facts>;
