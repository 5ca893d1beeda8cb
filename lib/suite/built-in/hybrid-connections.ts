import { relaysOf } from "../../platform/detect.ts";
import { relayNamespaces } from "../../platform/relays.ts";
import type { BuiltIn, Written } from "./built-in.ts";

export const hybridConnections: BuiltIn = {
  name: "hybrid-connections",
  title: "Hybrid Connections",
  summary:
    "Whether each listed host and port is in effect here, and whether its target answers in its own protocol.",
  sources: [
    "https://learn.microsoft.com/azure/app-service/app-service-hybrid-connections",
    "https://azure.github.io/AppService/2024/03/01/Hybrid-connection-debug-utility.html",
  ],
  notProved: [
    "that the target answers where only a connection opened: the relay accepts in its place, and only an answer in the target's own protocol proves it",
    "the manager's own way out to the relay on 443, from the network in which it stands",
    "the relay on 443 from here: the platform opens that connection, not the app, so its checks are information",
  ],
  nothing: "WEBSITE_RELAYS lists no Hybrid Connection",
  checks({ environment }) {
    const relays = relaysOf(environment);
    const hosts = [...new Set(relays.map(({ host }) => host))];
    return [
      ...hosts.map((host): Written => ({
        name: `in effect: ${host}`,
        probe: "dns",
        input: { name: host, azure: false },
      })),
      ...relays.map(({ host, port }): Written => ({
        name: `target: ${host}:${port}`,
        target: `${host}:${port}`,
      })),
      ...relayNamespaces(environment["WEBSITE_RELAYS"] ?? "").map((host): Written => ({
        name: `relay, as information: ${host}`,
        target: `tls://${host}:443`,
        level: "warn",
      })),
    ];
  },
};
