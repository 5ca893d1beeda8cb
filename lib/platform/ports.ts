/**
 * Ports that mean something on Azure and whose protocol is not spoken here: named in words, so that whoever
 * reads that one is closed knows what does not work.
 * https://learn.microsoft.com/azure/app-service/environment/networking#ports-and-network-restrictions
 */
const debugging = "remote debugging by Visual Studio";
const management = "the management of an App Service Environment v2";

const uses: ReadonlyMap<number, string> = new Map<number, string>([
  [8172, "Web Deploy, which publishes to App Service over HTTPS"],
  ...[4020, 4021, 4022, 4023, 4024, 4025, 4026].map((port) => [port, debugging] as const),
  [454, management],
  [455, management],
  [16_001, "what the load balancer asks an App Service Environment v2 for its health"],
  [12_000, "the monitoring that an App Service Environment sends out"],
]);

/** What a port is for, or nothing where its number says nothing more. */
export function useOf(port: number): string | undefined {
  return uses.get(port);
}

/** Those among them that speak no HTTP: a target that names no scheme is only connected to. */
export const mutePorts: readonly number[] = [...uses.keys()].filter((port) => port !== 8172);
