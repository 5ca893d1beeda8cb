import type { BuiltIn } from "./built-in.ts";
import { inbound } from "./inbound.ts";

export const aseV3: BuiltIn = {
  name: "ase-v3",
  title: "App Service Environment v3",
  summary: "The application ports of the environment's inbound address; v3 needs nothing outwards.",
  sources: ["https://learn.microsoft.com/azure/app-service/environment/networking"],
  notProved: [
    "the health probe of the load balancer on port 80, which comes from the platform",
    "FTP data connections (10001-10020) and remote debugging (4022, 4024, 4026) while nobody uses them",
    "what the platform itself asks: its own traffic does not pass the virtual network",
  ],
  nothing: "WEBSITE_HOSTNAME names no host whose address could be the environment's",
  checks: ({ environment }) => inbound(environment),
};
