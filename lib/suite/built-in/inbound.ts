/** The inbound address of an App Service Environment, by the name of an app in it. */
import type { Environment } from "../../here.ts";
import type { Written } from "./built-in.ts";

const hostShape = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

/** Where every app of the environment answers: its load balancer, inside the network or public. */
export function inboundHost(environment: Environment): string | undefined {
  const host = environment["WEBSITE_HOSTNAME"] ?? "";
  return hostShape.test(host) ? host.toLowerCase() : undefined;
}

/** The application ports; those that an environment may have closed on purpose only warn. */
export function inbound(environment: Environment): readonly Written[] {
  const host = inboundHost(environment);
  if (host === undefined) return [];
  const [app = "", ...zone] = host.split(".");
  const publish = [`${app}.scm`, ...zone].join(".");
  return [
    { name: "HTTPS of an app", target: `tls://${host}:443` },
    { name: "HTTP of an app", target: `tcp://${host}:80`, level: "warn" },
    { name: "FTP", target: `tcp://${host}:21`, level: "warn" },
    { name: "FTPS", target: `tcp://${host}:990`, level: "warn" },
    { name: "Web Deploy", target: `tcp://${publish}:8172`, level: "warn" },
    { name: "Kudu", target: `tls://${publish}:443`, level: "warn" },
  ];
}
