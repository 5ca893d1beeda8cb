/** What the sandbox of Windows plans forbids by itself, whatever the network would say. */
import type { Host } from "../here.ts";

/** NetBIOS and SMB: https://github.com/projectkudu/kudu/wiki/Azure-Web-App-sandbox, network restrictions. */
const closedPorts = [137, 138, 139, 445];

/** Whether a connection that was forbidden here was forbidden by the platform, for its port alone. */
export function isClosedBySandbox(platform: string, { os }: Host, port: number): boolean {
  return platform === "app-service" && os.startsWith("Windows") && closedPorts.includes(port);
}
