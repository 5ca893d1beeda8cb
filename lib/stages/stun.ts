import { randomBytes } from "node:crypto";
import { roundMs } from "../clock.ts";
import { stunSheet as sheet } from "../facts/stun.ts";
import { Failure } from "../failure.ts";
import { exchange } from "../net/datagram.ts";
import type { SocketWire } from "../net/wire.ts";
import type { Peer } from "../policy/peer.ts";
import { endpointOf } from "../protocols/authority.ts";
import { printable } from "../protocols/speaks.ts";
import * as protocol from "../protocols/stun.ts";
import { talkOver, wasAnotherProtocol, wrongProtocol } from "../protocols/talk.ts";
import type { At, Stage } from "../stage.ts";

export interface MappingQuestion {
  readonly peer: Peer;
  /** Asks over this connection instead of UDP. */
  readonly wire?: SocketWire;
  /** Ours to ask from, to see what a NAT makes of the same port for another server. */
  readonly localPort?: number | undefined;
  /** The server that the first is compared with. */
  readonly isSecond?: boolean;
}

/**
 * When an unanswered request is sent again: half a second later, and then each time after twice as long,
 * RFC 8489 §6.2.1. Always the same request, so that a late answer to any of them counts.
 */
const scheduleMs = [500, 1500, 3500, 7500, 15_500];

/** Longer than any stage may wait: the trail ends the silence. */
const PATIENT_MS = 60_000;

const DROPPED_SHOWN = 16;

/** Asks where a server sees this host. Gives back the local port. */
export const stun: Stage<MappingQuestion, number, typeof sheet> = {
  ...sheet,
  silence: "stun.timeout",

  async run(question, { signal, note }) {
    const { peer, wire, isSecond = false } = question;
    const server = endpointOf(peer);
    note({ server, transport: wire === undefined ? "udp" : "tcp" });
    if (isSecond) note({ second: true });
    const transaction = randomBytes(protocol.TRANSACTION);
    const asked = { transaction, signal, note };
    const { bytes, local, rttMs } =
      wire === undefined ? await overUdp(question, asked) : await overTcp(wire, asked);
    note({ local, ...(rttMs === undefined ? {} : { rttMs: roundMs(rttMs) }) });
    const { mapped, software, origin, other } = protocol.decodeBinding(bytes);
    note({
      mapped: { ...mapped },
      translated: mapped.port !== local.port || mapped.address !== local.address,
      ...(software === undefined ? {} : { software: printable(Buffer.from(software)) }),
      ...(origin === undefined ? {} : { origin: { ...origin } }),
      ...(other === undefined ? {} : { other: { ...other } }),
    });
    return local.port;
  },
};

interface Asked {
  readonly transaction: Buffer;
  readonly signal: AbortSignal;
  readonly note: At<typeof sheet>["note"];
}

interface Answer {
  readonly bytes: Buffer;
  readonly local: protocol.Endpoint;
  readonly rttMs: number | undefined;
}

async function overUdp(
  { peer, localPort }: MappingQuestion,
  { transaction, signal, note }: Asked,
): Promise<Answer> {
  const dropped: string[] = [];
  let times = 0;
  const heard = await exchange(peer, {
    payload: protocol.encodeBinding(transaction),
    screen(bytes) {
      const why = protocol.whyNotTheAnswer(Buffer.from(bytes), transaction);
      if (why === undefined || dropped.length >= DROPPED_SHOWN) return why;
      dropped.push(why);
      note({ dropped });
      return why;
    },
    waitMs: PATIENT_MS,
    signal,
    localPort,
    again: {
      afterMs: scheduleMs,
      sent(count) {
        times = count;
        note({ sent: count });
      },
    },
  });
  if (heard.bytes === undefined) throw new Failure("stun.timeout", "no answer");
  const rttMs = times === 1 ? heard.heardAt - heard.sentAt : undefined;
  return { bytes: Buffer.from(heard.bytes), local: heard.local, rttMs };
}

async function overTcp(wire: SocketWire, { transaction, signal, note }: Asked): Promise<Answer> {
  const { localAddress = "", localPort = 0 } = wire.socket;
  const talk = talkOver(wire, signal);
  const start = performance.now();
  talk.say(protocol.encodeBinding(transaction));
  note({ sent: 1 });
  const header = await talk.octets(8).catch((error: unknown) => {
    throw wasAnotherProtocol(error, talk, "stun") ? wrongProtocol(talk, "STUN") : error;
  });
  const length = protocol.lengthOf(header);
  if (length === undefined) throw wrongProtocol(talk, "STUN");
  const bytes = Buffer.concat([header, await talk.octets(length - header.length)]);
  const why = protocol.whyNotTheAnswer(bytes, transaction);
  if (why !== undefined) throw new Failure("stun.malformed", `what came back is no answer: ${why}`);
  const local = { address: localAddress, port: localPort };
  return { bytes, local, rttMs: performance.now() - start };
}
