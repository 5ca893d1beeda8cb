/** Runs inside a namespace of its own: coturn on a host behind a router that translates, by Linux's own NAT. */
import { expect, test } from "vitest";
import * as z from "zod";
import { stunSheet } from "../../lib/facts/stun.ts";
import { stun } from "../../lib/probes/stun.ts";
import { ask } from "../asking.ts";
import { coturn } from "../servers/coturn.ts";
import { far, natNetwork, near, outside } from "../servers/nat.ts";
import { udpServer, type UdpScript } from "../servers/scripted-udp.ts";
import { mappedTo } from "../servers/stun-messages.ts";

const branch = z.object({ stun: stunSheet.facts });
const shape = z.object({ servers: z.tuple([branch, branch]) });

const mapped: UdpScript = (request) => [mappedTo(request, [203, 0, 113, 9], 4000)];

/** Asks both addresses of the far host from one port, through a router with this statement of nftables. */
async function askBoth(statement: string) {
  const { farHost } = await natNetwork(statement);
  const servers = await Promise.all(far.map((address) => coturn(address, farHost)));
  const [target, second] = servers.map(({ port }, index) => `${far[index]}:${port}`);
  const report = await ask(stun, Object.entries({ target, second }));
  const [one, two] = shape.parse(report.result).servers.map((each) => each.stun);
  return { report, one, two, codes: report.findings.map(({ code }) => code) };
}

test("a router that translates nothing", async () => {
  const { report, one, two, codes } = await askBoth("");
  expect(one).toMatchObject({ translated: false, mapped: { address: near } });
  expect(two?.mapped).toEqual(one?.mapped);
  expect([report.verdict, codes]).toEqual(["pass", []]);
  expect(report.reproduce).toHaveLength(2);
});

test("a NAT that keeps the port: both servers see one mapping", async () => {
  const { report, one, two, codes } = await askBoth("masquerade");
  expect(one).toMatchObject({ translated: true, local: { address: near } });
  expect(one?.mapped).toEqual({ address: outside, port: one?.local.port });
  expect(two?.mapped).toEqual(one?.mapped);
  expect([report.verdict, codes]).toEqual(["pass", ["stun.same_mapping"]]);
});

test("a NAT that draws a port for each destination", async () => {
  const { report, one, two, codes } = await askBoth("masquerade fully-random");
  expect(two?.local).toEqual(one?.local);
  expect(two?.mapped.address).toBe(one?.mapped.address);
  expect(two?.mapped.port).not.toBe(one?.mapped.port);
  expect([report.verdict, codes]).toEqual(["warn", ["stun.symmetric_nat"]]);
});

test("a second server with both families is asked by the one that the first was", async () => {
  const [one, two] = [await udpServer(mapped, "10.9.8.7"), await udpServer(mapped, "10.9.8.7")];
  const pairs = { target: `10.9.8.7:${one.port}`, second: `both.test:${two.port}` };
  const report = await ask(stun, Object.entries(pairs));
  const [, second] = shape.parse(report.result).servers;
  expect(second.stun.server).toBe(`10.9.8.7:${two.port}`);
});
