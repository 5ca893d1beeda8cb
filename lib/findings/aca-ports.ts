/** Ports that a platform opens only where it was told to. */
import { appNames } from "../protocols/http/environment.ts";
import type { Rule } from "./rule.ts";

/** What the edge of an environment listens on by itself, and the one that it keeps for itself. */
const edgePorts = [80, 443];
const RESERVED = 36_985;
const kept = ", which the platform keeps for itself";

export const acaPortRules: readonly Rule[] = [
  {
    code: "tcp.container_app_port",
    severity: "info",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "Container Apps opens a port only where an ingress lists it",
    why:
      "The edge of an environment listens on 80 and 443. Any other port has to be the exposed port of a TCP " +
      "ingress or an additional port mapping, and from outside that needs an environment in a virtual network; " +
      "80, 443 and 36985 cannot be chosen for it.",
    rivals: ["the port is listed, and a security group or firewall in front discards it"],
    next: ["Compare the port with exposedPort and additionalPortMappings of the app's ingress."],
    docs: "https://learn.microsoft.com/azure/container-apps/ingress-overview#additional-tcp-ports",
    when({ facts: { resolve, connect }, stopped }) {
      const port = stopped?.stage === "connect" ? connect?.port : undefined;
      const host = resolve?.host ?? "";
      if (port === undefined || edgePorts.includes(port) || appNames(host) === undefined) return;
      return `port ${port} of ${host}${port === RESERVED ? kept : ""}`;
    },
  },
];
