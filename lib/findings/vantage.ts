/**
 * What the settings of this place mean. Each rule belongs to one platform, and none accuses on an absent
 * variable alone: routing and DNS can be site properties, which no variable mirrors.
 */
import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

/** The facts of a place on App Service; nothing elsewhere. */
const siteOf = ({ facts: { locate } }: Leaf) =>
  locate?.platform === "app-service" ? locate : undefined;

const nameResolution = "https://learn.microsoft.com/azure/app-service/overview-name-resolution";

export const vantageRules: readonly Rule[] = [
  {
    code: "vantage.no_private_ip",
    severity: "warn",
    blame: "platform",
    confidence: "possible",
    basis: "documents",
    title: "VNet integration is expected, and this instance shows no private address",
    why:
      "A setting here makes sense only for an app inside a virtual network, and on this plan an integrated " +
      "instance is shown its address in the subnet. This one is shown none, so it may not be in the network.",
    rivals: [
      "the setting was left behind by an integration that was removed",
      "the platform does not show the address on this version",
    ],
    next: [
      "Does az functionapp vnet-integration list name a subnet?",
      "Do other instances show an address? Then the subnet may have none left: it needs twice the instances while scaling.",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration",
    when(leaf) {
      const { vnet, privateIp } = siteOf(leaf) ?? {};
      if (vnet === undefined || !vnet.showsPrivateIp || privateIp !== "unknown") return undefined;
      return vnet.expectedBy.length === 0
        ? undefined
        : `${vnet.expectedBy.join(", ")} expects a network; WEBSITE_PRIVATE_IP is not set`;
    },
  },
  {
    code: "vantage.alternative_without_primary",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "An alternative DNS server is set and no primary one",
    why: "WEBSITE_DNS_ALT_SERVER is added behind the servers of WEBSITE_DNS_SERVER; on its own it is ignored.",
    rivals: [
      "the primary server is set as the site property dnsConfiguration, which is not shown here",
    ],
    next: ["Set WEBSITE_DNS_SERVER as well, or remove the alternative."],
    docs: nameResolution,
    when(leaf) {
      const { dns } = siteOf(leaf) ?? {};
      return dns?.alternative !== undefined && dns.servers.length === 0
        ? `WEBSITE_DNS_ALT_SERVER is ${dns.alternative}, WEBSITE_DNS_SERVER is not set`
        : undefined;
    },
  },
  {
    code: "vantage.dns_override",
    severity: "info",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "An app setting overrides the DNS of the virtual network",
    why:
      "WEBSITE_DNS_SERVER names the servers of this app, so the servers of the virtual network are not asked. " +
      "Other apps in the same subnet may resolve names differently.",
    rivals: ["the site property dnsConfiguration is set too, and comes before the setting"],
    next: ["Are these the servers of the virtual network? Then the setting can go."],
    docs: nameResolution,
    when(leaf) {
      const { dns, privateIp, plan } = siteOf(leaf) ?? {};
      const inside = privateIp !== "unknown" || plan === "isolated" || plan === "flex-consumption";
      return dns !== undefined && dns.servers.length > 0 && inside
        ? `WEBSITE_DNS_SERVER is ${dns.servers.join(", ")}`
        : undefined;
    },
  },
  {
    code: "vantage.dns_unreadable",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "The list of DNS servers is not written as the platform reads it",
    why:
      "WEBSITE_DNS_SERVER takes at most five addresses, separated by commas and nothing else. Of another form the " +
      "platform may read a part or none, and names are then resolved elsewhere.",
    rivals: ["the platform is more tolerant than its documentation"],
    next: ["Write the addresses with commas and no white space: 10.0.0.4,10.0.0.5"],
    docs: nameResolution,
    when(leaf) {
      const fault = siteOf(leaf)?.dns?.fault;
      return fault === undefined ? undefined : `WEBSITE_DNS_SERVER: ${fault}`;
    },
  },
  {
    code: "vantage.slot_dns",
    severity: "info",
    blame: "configuration",
    confidence: "possible",
    basis: "documents",
    title: "This slot has DNS settings that a swap may move",
    why:
      "App settings travel with a swap unless they are marked as slot settings. The DNS override of this slot " +
      "may have come from production with the last swap, or may go there with the next.",
    rivals: ["the setting is marked as a slot setting and stays"],
    next: [
      "Does az functionapp config appsettings list show slotSetting: true for WEBSITE_DNS_SERVER?",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/deploy-staging-slots",
    when(leaf) {
      const { dns, slot = "unknown" } = siteOf(leaf) ?? {};
      const isSlot = !["unknown", "production"].includes(slot.toLowerCase());
      return isSlot && dns !== undefined && dns.servers.length > 0
        ? `the slot ${slot} has WEBSITE_DNS_SERVER ${dns.servers.join(", ")}`
        : undefined;
    },
  },
  {
    code: "vantage.ase_dns_restart",
    severity: "info",
    blame: "platform",
    confidence: "possible",
    basis: "documents",
    title: "An App Service Environment takes new DNS servers only with a restart",
    why:
      "Apps here use the DNS servers of the environment's virtual network. When those were changed, " +
      "running apps keep asking the old ones until they are restarted.",
    rivals: [],
    next: [
      "Were the servers of the virtual network changed since this process started? Restart the app.",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/environment/networking",
    when(leaf) {
      const { plan, dns, startedAt, dnsServers = [] } = siteOf(leaf) ?? {};
      return plan === "isolated" && dns?.servers.length === 0 && dnsServers.length > 0
        ? `${dnsServers.join(", ")} asked since ${startedAt}`
        : undefined;
    },
  },
  {
    code: "vantage.no_integration_here",
    severity: "info",
    blame: "platform",
    confidence: "likely",
    basis: "documents",
    title: "This plan has no VNet integration",
    why:
      "On the Consumption plan an app cannot join a virtual network: it leaves through addresses of the " +
      "platform and reaches nothing private. Flex Consumption, Premium and dedicated plans can join one.",
    rivals: [],
    next: ["To stand for an integrated app, Sonde belongs into that app's own plan."],
    docs: "https://learn.microsoft.com/azure/azure-functions/functions-networking-options",
    when(leaf) {
      const { plan } = siteOf(leaf) ?? {};
      return plan === "consumption" ? "the plan is Consumption" : undefined;
    },
  },
  {
    code: "vantage.outbound_only",
    severity: "info",
    blame: "platform",
    confidence: "likely",
    basis: "documents",
    title: "VNet integration carries outbound traffic alone",
    why:
      "This instance has an address in a virtual network, by which it reaches out and by which nobody reaches it: " +
      "inbound it takes a private endpoint. A slot has an integration of its own, which a swap does not move.",
    rivals: [
      "the integration is by a VPN gateway (gateway-required): then the address is of its client pool, and neither " +
        "service endpoints nor networks behind ExpressRoute can be reached",
    ],
    next: [
      "Which kind is it, and which subnet? az functionapp vnet-integration list tells.",
      "Without route-all only private ranges and service endpoints go into the network.",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration",
    when(leaf) {
      const { vnet, privateIp = "unknown" } = siteOf(leaf) ?? {};
      return vnet?.showsPrivateIp === true && privateIp !== "unknown"
        ? `WEBSITE_PRIVATE_IP is ${privateIp}`
        : undefined;
    },
  },
];
