import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { unacknowledged } from "../../lib/platform/tcptable.ts";
import { seeWorld } from "../../lib/world.ts";
import { tcpServer } from "../servers/tcp.ts";

const endpoint = (address = "", port = 0) => ({ address, port });

/** Printed by Linux 6.1: a queue of 0x1f octets to 127.0.0.1:8080, and one of none over IPv6. */
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:D431 0100007F:1F90 01 0000001F:00000000 01:00000014 00000000     0        0 2127 2
   1: 00000000000000000000000001000000:D432 B80D0120000000000000000001000000:0016 01 00000000:00000005 00:00000000
`;

describe("the table of connections", () => {
  test("shows what is on its way, in either family", () => {
    const local = endpoint("127.0.0.1", 0xd431);
    expect(unacknowledged(table, { local, remote: endpoint("127.0.0.1", 8080) })).toBe(0x1f);
    const remote = endpoint("2001:db8::1", 22);
    expect(unacknowledged(table, { local: endpoint("::1", 0xd432), remote })).toBe(0);
  });

  test("says nothing of a connection that it does not list", () => {
    const local = endpoint("127.0.0.1", 0xd431);
    expect(unacknowledged(table, { local, remote: endpoint("127.0.0.2", 8080) })).toBeUndefined();
    expect(unacknowledged("", { local, remote: endpoint("127.0.0.1", 8080) })).toBeUndefined();
  });

  test.skipIf(process.platform !== "linux").each(["127.0.0.1", "::1"])(
    "lists a connection over %s as Node names it",
    async (address) => {
      const { port } = await tcpServer((socket) => socket.resume(), address);
      const socket = connect(port, address);
      onTestFinished(() => void socket.destroy());
      await once(socket, "connect");
      const local = endpoint(socket.localAddress, socket.localPort);
      const shown = seeWorld({}).host.tcpTable?.() ?? "";
      expect(unacknowledged(shown, { local, remote: endpoint(address, port) })).toBe(0);
    },
  );
});
