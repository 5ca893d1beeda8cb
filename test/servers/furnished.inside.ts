/** Runs inside a namespace that servers.test.ts furnishes. */
import { getServers } from "node:dns";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { closedPort } from "./ports.ts";
import { tcpServer } from "./tcp.ts";

test("the only interface is lo, with the addresses that were given", () => {
  const { lo = [], ...others } = networkInterfaces();
  const addresses = lo.map(({ address }) => address);
  expect(addresses).toEqual(
    expect.arrayContaining(["127.0.0.1", "::1", "10.9.8.7", "2001:db8::7"]),
  );
  expect(others).toEqual({});
});

test("names come from the hosts file that was given", async () => {
  expect(await lookup("furnished.test")).toMatchObject({ address: "10.9.8.7" });
});

test("the resolver is the one that was given", () => {
  expect(getServers()).toEqual(["10.9.8.7"]);
});

test("a private address can be dialled, and answers or refuses", async () => {
  const { port } = await tcpServer((socket) => socket.end("hello"), "10.9.8.7");
  expect(String(await once(connect(port, "10.9.8.7"), "data"))).toBe("hello");
  const closed = connect(await closedPort(), "10.9.8.7");
  await expect(once(closed, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("a port that is dropped stays silent", async () => {
  const socket = connect(81, "10.9.8.7").setTimeout(300);
  await once(socket, "timeout");
  expect(socket.connecting).toBe(true);
  socket.destroy();
});
