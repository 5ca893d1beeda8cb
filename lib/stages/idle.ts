import type * as z from "zod";
import { idleSheet as sheet, type outcome } from "../facts/idle.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import type { SocketWire } from "../net/wire.ts";
import { unacknowledged } from "../platform/tcptable.ts";
import type { At, Stage } from "../stage.ts";
import { hear } from "./hear.ts";

export interface Idle {
  readonly wire: SocketWire;
  /** How long nothing is said; 0 says it at once. */
  readonly idleMs: number;
  /** How long what is said then may take to arrive. */
  readonly waitMs: number;
}

type Outcome = z.infer<typeof outcome>;

/** An empty line: what text protocols pass over or decline, and what harms nobody. */
const line = Buffer.from("\r\n");

/** How often the system is asked whether it has been acknowledged. */
const LOOK_MS = 50;

/** An answer comes soon after the acknowledgement, or the server waits for more. */
const ANSWER_MS = 250;

const MOST = 0x1_0000;

/**
 * Keeps a connection silent and then sends an empty line: devices on the way forget connections that are
 * idle for long, with a reset or without a word (RFC 5382 §5).
 */
export const idle: Stage<Idle, void, typeof sheet> = {
  ...sheet,
  silence: "tcp.timeout",
  // Keeping silent is no wait for the network.
  patienceMs: ({ idleMs, waitMs }) => idleMs + waitMs + 1000,

  async run({ wire, idleMs, waitMs }, { signal, here, note }) {
    await keepSilent(wire, idleMs, { signal, note });
    wire.write(line);
    note({ sent: line.length });
    const unsent = () => pending(wire, here.host.tcpTable);
    const { found, afterMs } = await outcomeOf(wire, waitMs, signal, unsent);
    note({ outcome: found, afterMs: roundMs(afterMs) });
    const said = `what was sent after ${seconds(idleMs)} of silence was`;
    if (found === "reset") throw new Failure("tcp.reset", `${said} answered with a reset`);
    if (found === "unacknowledged") {
      throw new Failure("tcp.unacknowledged", `${said} not acknowledged within ${seconds(waitMs)}`);
    }
  },
};

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Listens until the time is over. Rejects when the other side ends the connection before. */
async function keepSilent(
  wire: SocketWire,
  idleMs: number,
  { signal, note }: Pick<At<typeof sheet>, "signal" | "note">,
): Promise<void> {
  const start = performance.now();
  const spent = () => performance.now() - start;
  let heard = 0;
  try {
    while (spent() < idleMs)
      heard += (await hear(wire, MOST, idleMs - spent(), signal))?.length ?? 0;
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    throw new Failure(error.code, `${error.message} after ${seconds(spent())} of silence`);
  } finally {
    note({ silentMs: roundMs(spent()), heard });
  }
}

/** What became of it, and when that was known: that no answer follows an acknowledgement takes longer. */
async function outcomeOf(
  wire: SocketWire,
  waitMs: number,
  signal: AbortSignal,
  unsent: () => number | undefined,
): Promise<{ found: Outcome; afterMs: number }> {
  const start = performance.now();
  const spent = () => performance.now() - start;
  let left: number | undefined;
  do {
    left = unsent();
    const arrivedMs = left === 0 ? spent() : undefined;
    const next = await listen(wire, arrivedMs === undefined ? LOOK_MS : ANSWER_MS, signal);
    if (next !== undefined) return { found: next, afterMs: spent() };
    if (arrivedMs !== undefined) return { found: "acknowledged", afterMs: arrivedMs };
  } while (spent() < waitMs);
  return { found: left === undefined ? "unknown" : "unacknowledged", afterMs: spent() };
}

/** What came, if anything. */
async function listen(
  wire: SocketWire,
  waitMs: number,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  try {
    return (await hear(wire, MOST, waitMs, signal)) === undefined ? undefined : "answered";
  } catch (error) {
    const outcome = error instanceof Failure ? endings[error.code] : undefined;
    if (outcome === undefined || signal.aborted) throw error;
    return outcome;
  }
}

/** The operating system gives up as well, in the end. */
const endings: Readonly<Record<string, Outcome>> = {
  "tcp.closed": "closed",
  "tcp.reset": "reset",
  "tcp.timeout": "unacknowledged",
};

/** Octets on their way, where this host shows it. */
function pending({ socket, peer }: SocketWire, table?: () => string): number | undefined {
  const { localAddress, localPort } = socket;
  if (table === undefined || localAddress === undefined || localPort === undefined)
    return undefined;
  const local = { address: localAddress, port: localPort };
  return unacknowledged(table(), { local, remote: { address: peer.address, port: peer.port } });
}
