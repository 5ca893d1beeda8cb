/**
 * What Linux shows of its connections in `/proc/net/tcp` and `/proc/net/tcp6`: the only place where a
 * program without raw sockets sees whether what it sent was acknowledged (proc_net_tcp.rst of the kernel).
 */
import { parseAddress } from "../policy/address.ts";

export interface Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Octets sent and not acknowledged yet; `undefined` where the connection is not shown. */
export function unacknowledged(table: string, { local, remote }: Connection): number | undefined {
  const [here, there] = [inTable(local), inTable(remote)];
  for (const row of table.split("\n")) {
    const [, from, to, , queues = ""] = row.trim().split(/\s+/);
    // The queue to the peer stands before the colon.
    if (from === here && to === there) return Number.parseInt(queues, 16);
  }
  return undefined;
}

/** `0100007F:1F90`: words of four octets as a little-endian machine holds them, then the port. */
function inTable({ address, port }: Endpoint): string {
  const { family = 4, value = 0n } = parseAddress(address) ?? {};
  const octets = value.toString(16).padStart(family === 4 ? 8 : 32, "0");
  const words = octets.match(/.{8}/g) ?? [];
  const turned = words.map((word) => (word.match(/../g) ?? []).toReversed().join(""));
  return `${turned.join("")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
}
