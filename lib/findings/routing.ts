/** A target that does not answer, beside what this place shows of its own network. */
import type { Leaf } from "../leaves.ts";
import type { Vantage } from "../report.ts";
import type { Rule } from "./rule.ts";
import { countOf } from "./tcp.ts";

const closed: readonly string[] = ["tcp.timeout", "tcp.unreachable", "tcp.forbidden"];

/** The address to which no connection opened, of one of these classes. */
function closedAt({ facts: { connect }, stopped }: Leaf, ...classes: readonly string[]) {
  const isClosed = stopped?.stage === "connect" && closed.includes(stopped.code);
  return isClosed && classes.includes(connect?.class ?? "") ? connect?.address : undefined;
}

/** Plans that show an integrated instance its address; on others none is shown, integrated or not. */
const showing: readonly (string | undefined)[] = ["dedicated", "elastic-premium"];

const networkless = ({ platform, plan, privateIp }: Vantage) => {
  if (platform !== "app-service" || privateIp !== undefined) return undefined;
  if (plan === "consumption") return "a Consumption plan joins no virtual network";
  return showing.includes(plan) ? "WEBSITE_PRIVATE_IP is not set here" : undefined;
};

export const routingRules: readonly Rule[] = [
  {
    code: "tcp.no_network",
    severity: "info",
    blame: "configuration",
    confidence: "possible",
    basis: "documents",
    title: "A private address, and this instance shows none of its own",
    why:
      "Private addresses are reached through a virtual network. On this plan an integrated instance is shown " +
      "its address in the subnet, and this one is shown none: it may not be in any network, and no rule " +
      "or route of one would then touch this call.",
    rivals: [
      "the platform does not show the address on this version",
      "it is in the network, and something on the way discards the packets",
    ],
    next: [
      "Is the app integrated, and with which subnet? az functionapp vnet-integration list tells.",
      "Do other instances show an address? Then the subnet may have none left: /api/smoke?instances= asks several.",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration",
    when(leaf, _all, here) {
      const address = closedAt(leaf, "private", "unique-local");
      const why = here === undefined ? undefined : networkless(here);
      return address === undefined || why === undefined ? undefined : `${address}: ${why}`;
    },
  },
  {
    code: "tcp.outside_network",
    severity: "info",
    blame: "configuration",
    confidence: "possible",
    basis: "documents",
    title: "This call does not go through the virtual network, by the app's own setting",
    why:
      "WEBSITE_VNET_ROUTE_ALL is off, so public targets are reached from the platform's addresses. Security " +
      "groups, routes, firewalls and the NAT gateway of the network have no say in it.",
    rivals: [
      "the site property (outboundVnetRouting, vnetRouteAllEnabled) is on: it is not shown here, and comes first",
      "the subnet has a service endpoint for this service: such traffic goes through the network all the same",
    ],
    next: [
      "From which address does this app leave? /api/outbound shows it, and which way that is.",
      "Is the call meant to go through the network? Then switch route-all on.",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration#routes",
    when(leaf, _all, here) {
      const address = closedAt(leaf, "public");
      return address !== undefined && here?.routeAll === false
        ? `${address} is public, and WEBSITE_VNET_ROUTE_ALL is off`
        : undefined;
    },
  },
  {
    code: "tcp.all_targets_fail",
    severity: "info",
    blame: "platform",
    confidence: "possible",
    basis: "documents",
    title: "The controls fail together with the target",
    why:
      "Some of the connections that were opened together failed, and connections to other targets failed at " +
      "the same time. That is not about one target: it is the shape of a limit on all connections of an instance.",
    rivals: [
      "the way out is down as a whole, or was for a moment",
      "the controls fail by themselves, whatever else is open",
    ],
    next: [
      "How many connections are open already? /api/vantage counts them where the platform shows them.",
      "Ask the controls alone: do they answer when nothing else is under way?",
    ],
    docs: "https://learn.microsoft.com/azure/azure-functions/manage-connections",
    when(leaf, all) {
      const { tally } = leaf.facts;
      const kin = all.filter((one) => one.facts.tally !== undefined && one.facts.tally === tally);
      const failed = kin.filter(({ stopped }) => isExhausted(stopped?.code)).length;
      const controls = all.filter((one) => one.fork === "controls");
      if (kin[0] !== leaf || failed === 0 || controls.length === 0) return undefined;
      return controls.every(({ stopped }) => isExhausted(stopped?.code))
        ? `${failed} of ${kin.length} failed, and ${countOf(controls)} as well`
        : undefined;
    },
  },
];

const isExhausted = (code = "") => ["tcp.timeout", "tcp.no_ports", "tcp.forbidden"].includes(code);
