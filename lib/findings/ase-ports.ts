/** Ports on which App Service listens for somebody else than the app's callers. */
import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

const siteName =
  /\.(?:appserviceenvironment\.(?:net|us|cn)|azurewebsites\.(?:net|us)|chinacloudsites\.cn)\.?$/i;

/** https://learn.microsoft.com/azure/app-service/environment/networking, and of version 2 its own page. */
const purposes: readonly (readonly [ports: readonly number[], purpose: string])[] = [
  [[8172], "Web Deploy: it listens for whoever publishes the app"],
  [
    [4020, 4022, 4024, 4026],
    "remote debugging with Visual Studio: it listens while that is switched on",
  ],
  [
    [454, 455],
    "management of an App Service Environment v2: it listens to the platform's own addresses and to no app",
  ],
  [[16_001], "the platform's load balancer of an App Service Environment v2: it listens to no app"],
  [
    [12_000],
    "monitoring of an App Service Environment v2: a port that the environment dials, and none that it listens on",
  ],
];

function purposeOf({ facts: { resolve, connect } }: Leaf): string | undefined {
  const { port } = connect ?? {};
  if (port === undefined || !siteName.test(resolve?.host ?? "")) return undefined;
  return purposes.find(([ports]) => ports.includes(port))?.[1];
}

export const asePortRules: readonly Rule[] = [
  {
    code: "tcp.app_service_port",
    severity: "info",
    blame: "caller",
    confidence: "likely",
    basis: "documents",
    title: "This port of App Service is not for the app's callers",
    why:
      "An app is served on 80 and 443. Beside these App Service has ports for publishing, debugging and its own " +
      "management, and whether they answer says nothing of the app.",
    rivals: [
      "a network security group of the environment's subnet discards the port for everybody",
    ],
    next: [
      "Ask for 443 when it is the app that is meant.",
      "For publishing and debugging: is the port let in from where the publisher is, and is the feature on?",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/environment/networking#ports-and-network-restrictions",
    when(leaf) {
      const purpose = purposeOf(leaf);
      return purpose && `port ${leaf.facts.connect?.port} is ${purpose}`;
    },
  },
];
