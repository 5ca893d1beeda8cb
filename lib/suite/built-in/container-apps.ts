import type { BuiltIn } from "./built-in.ts";

export const containerApps: BuiltIn = {
  name: "container-apps",
  title: "Container Apps environment",
  summary: "What an environment needs of the network: Azure DNS, images, sign-in, telemetry, time.",
  sources: [
    "https://learn.microsoft.com/azure/container-apps/firewall-integration",
    "https://learn.microsoft.com/azure/container-apps/custom-virtual-networks",
  ],
  notProved: [
    "what the nodes ask outside this container: image pulls and the control plane are the platform's traffic",
    "UDP 1194 and TCP 9000, 5671, 5672 of a Consumption-only environment: those places have no public names",
  ],
  nothing: "",
  checks: ({ environment }) => [
    {
      name: "Azure DNS, which must not be blocked",
      probe: "dns",
      input: { name: "mcr.microsoft.com", server: "168.63.129.16" },
    },
    { name: "Microsoft Container Registry", target: "https://mcr.microsoft.com/v2/" },
    {
      name: "Microsoft Entra ID",
      target: "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
    },
    { name: "Azure Monitor", target: "tls://dc.services.visualstudio.com" },
    // The address is free to choose; UDP 123 to anywhere is what the environment needs.
    { name: "a time server", target: "ntp://time.windows.com", level: "warn" },
    ...ownName(environment["CONTAINER_APP_ENV_DNS_SUFFIX"], environment["CONTAINER_APP_NAME"]),
  ],
};

/** The ingress of this very app, where it has one. */
function ownName(suffix = "", app = ""): ReturnType<BuiltIn["checks"]> {
  if (!/^[\w.-]{1,253}$/.test(suffix) || !/^[\w-]{1,64}$/.test(app)) return [];
  return [
    {
      name: "a name of this environment",
      probe: "dns",
      input: { name: `${app}.${suffix}` },
      level: "warn",
    },
  ];
}
