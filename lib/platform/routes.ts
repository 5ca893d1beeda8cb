/** What the kernel's routing table tells: `/proc/net/route` and `/proc/net/ipv6_route` of Linux. */

import { formatAddress } from "../policy/address.ts";

/** The default gateways, in canonical form. Lines that are not understood are skipped. Never throws. */
export function defaultGateways(route: string, ipv6Route: string): readonly string[] {
  const found = [...lines(route).map(gateway4), ...lines(ipv6Route).map(gateway6)];
  return found.filter((address) => address !== undefined);
}

function lines(text: string): readonly (readonly string[])[] {
  return text.split("\n").map((line) => line.trim().split(/\s+/));
}

/** `eth0 00000000 0101A8C0 …`: destination and gateway in hexadecimal, in the byte order of the host. */
function gateway4([, destination, gateway = ""]: readonly string[]): string | undefined {
  if (destination !== "00000000" || !/^[0-9A-F]{8}$/i.test(gateway)) return undefined;
  const octets =
    gateway
      .match(/../g)
      ?.map((octet) => Number.parseInt(octet, 16))
      .toReversed() ?? [];
  return octets.every((octet) => octet === 0) ? undefined : octets.join(".");
}

/** Destination, its length, source, its length, next hop: the address in hexadecimal, in network order. */
function gateway6([destination = "", length, , , hop = ""]: readonly string[]): string | undefined {
  if (!/^0{32}$/.test(destination) || length !== "00" || !/^[0-9a-f]{32}$/i.test(hop)) {
    return undefined;
  }
  if (/^0+$/.test(hop)) return undefined;
  return formatAddress({ family: 6, value: BigInt(`0x${hop}`) });
}
