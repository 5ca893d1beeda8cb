/** What the place of this process tells of itself. */
import type { FactSheet } from "../stage.ts";
import { facts, UNKNOWN, type Facts } from "./place.ts";
import { includes, isTrue, line, oneOf } from "./read.ts";

const listed = (items: readonly string[]) => (items.length === 0 ? undefined : items.join(", "));

function dnsLine({ servers, alternative, ...more }: Facts["dns"]): string | undefined {
  const said = [
    ...(servers.length > 0 ? [`servers ${servers.join(", ")}`] : []),
    ...(alternative === undefined ? [] : [`alternative ${alternative}`]),
    ...Object.entries(more).map(([name, value]) => `${name} ${value}`),
  ];
  return listed(said);
}

function vnetLine({ name, expectedBy, contentOverVnet, pullImageOverVnet }: Facts["vnet"]) {
  const through = [
    ...(contentOverVnet === true ? ["the content share"] : []),
    ...(pullImageOverVnet === true ? ["the image"] : []),
  ];
  const told = [
    ...(name === undefined ? [] : [name]),
    ...(expectedBy.length === 0 ? [] : [`expected by ${expectedBy.join(", ")}`]),
    ...(through.length === 0 ? [] : [`reaches ${through.join(" and ")} through it`]),
  ];
  return told.length === 0 ? undefined : told.join("; ");
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
    line(facts, "Written down", ["beside"], ({ beside: { subnet, date } }) =>
      listed([
        ...(subnet === undefined ? [] : [`subnet ${subnet}`]),
        ...(date === undefined ? [] : [`on ${date}`]),
      ]),
    ),
    line(facts, "VNet", ["vnet"], ({ vnet }) => vnetLine(vnet)),
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
      ...(requestMs === undefined ? [] : [`${requestMs / 1000} s for a request`]),
      ...(snatPorts === undefined ? [] : [`${snatPorts} ports (SNAT) for each public destination`]),
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
