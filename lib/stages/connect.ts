import { connectSheet as sheet } from "../facts/connect.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import { dial, type DialledWire } from "../net/dial.ts";
import { isClosedBySandbox } from "../platform/sandbox.ts";
import type { Peer } from "../policy/peer.ts";
import type { Stage } from "../stage.ts";

/** Opens a TCP connection to one judged address. Whoever takes the wire disposes of it. */
export const connect: Stage<Peer, DialledWire, typeof sheet> = {
  ...sheet,
  silence: "tcp.timeout",

  async run(peer, { signal, here, note, late }) {
    const { address, port, family, class: where } = peer;
    note({ address, port, family, class: where });
    const wire = await dial(peer, signal).catch((error: unknown) => {
      throw isForbidden(error) && isClosedBySandbox(here.vantage.platform, here.host, peer.port)
        ? new Failure(error.code, sandboxed(peer.port), { ...error.detail, sandboxPort: peer.port })
        : error;
    });
    note({
      localAddress: wire.socket.localAddress ?? "",
      localPort: wire.socket.localPort ?? 0,
      connectMs: roundMs(wire.connectMs),
    });
    late(wire.mostLateMs);
    return wire;
  },
};

const isForbidden = (error: unknown): error is Failure =>
  error instanceof Failure && error.code === "tcp.forbidden";

const sandboxed = (port: number) => `the sandbox of Windows plans keeps port ${port} closed`;
