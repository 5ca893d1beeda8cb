import { expect, test } from "vitest";
import { defaultGateways } from "../../lib/platform/routes.ts";

const route = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	0101A8C0	0003	0	0	0	00000000	0	0	0
eth0	0001A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
tun0	00000000	00000000	0001	0	0	0	00000000	0	0	0
`;
const ipv6 = `00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
`;

test("the default gateways are read out of the routing tables", () => {
  expect(defaultGateways(route, ipv6)).toEqual(["192.168.1.1", "fd00::1"]);
});

test.each(["", "nonsense", "eth0 00000000 XYZ", "\n\n"])("%j has none", (text) => {
  expect(defaultGateways(text, text)).toEqual([]);
});
