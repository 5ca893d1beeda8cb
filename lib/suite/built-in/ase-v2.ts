import type { BuiltIn, Written } from "./built-in.ts";
import { inbound, inboundHost } from "./inbound.ts";

/** Where certificates of the platform's dependencies are looked up, by plain HTTP. */
const revocation = [
  "crl3.digicert.com",
  "ocsp.digicert.com",
  "cacerts.digicert.com",
  "mscrl.microsoft.com",
  "crl.microsoft.com",
];

/** A few of the documented names, each standing for a kind of dependency. */
const secured: readonly (readonly [what: string, host: string])[] = [
  ["OCSP of Microsoft", "ocsp.msocsp.com"],
  ["Resource Manager", "management.azure.com"],
  ["Microsoft Entra ID", "login.microsoftonline.com"],
  ["monitoring", "az-prod.metrics.nsatc.net"],
  ["Windows Update settings", "settings-win.data.microsoft.com"],
  ["storage", "gmstorageprodsn1.blob.core.windows.net"],
];

/** What else answers on the inbound address: both say an address and nothing more. */
const telling = [7654, 1221];

export const aseV2: BuiltIn = {
  name: "ase-v2",
  title: "App Service Environment v2 (retired)",
  summary:
    "Outbound dependencies and application ports of a v2 environment. v2 was retired on 2024-08-31; this is kept for migrations.",
  sources: [
    "https://learn.microsoft.com/previous-versions/azure/app-service/environment/network-info",
    "https://github.com/MicrosoftDocs/azure-docs/blob/03245a19286c0988bd0c3c3ed51415ab273581be/articles/app-service/environment/firewall-integration.md",
  ],
  notProved: [
    "454 and 455 (management) and 16001 (load balancer): they are opened from the platform's side, to addresses that no app can ask",
    "1433: the environment's own databases have no documented names; a database of yours in the same region shows the rule only",
    "12000 (monitoring): it has no documented name",
    "7654 and 1221: whether they say their address at once or to a request is not documented; what is said at once is read",
    "what the environment's own machines may do: they ask Azure DNS, and these checks ask what the app asks",
  ],
  nothing: "",
  checks: ({ environment }) => [
    { name: "DNS", probe: "dns", input: { name: "management.azure.com" } },
    { name: "time, 123/udp", target: "ntp://time.windows.com" },
    ...revocation.map((host): Written => ({
      name: `revocation: ${host}`,
      target: `tcp://${host}:80`,
    })),
    ...secured.map(([what, host]): Written => ({ name: what, target: `tls://${host}` })),
    ...inbound(environment),
    ...telling.flatMap((port): Written[] => {
      const host = inboundHost(environment);
      const input = { banner: true };
      const name = `what port ${port} says: the address of a machine, where it is not blocked`;
      return host === undefined
        ? []
        : [{ name, probe: "tcp", target: `${host}:${port}`, input, level: "warn" }];
    }),
  ],
};
