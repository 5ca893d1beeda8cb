import { querySheet as sheet } from "../facts/query.ts";
import { Failure } from "../failure.ts";
import type { SocketWire } from "../net/wire.ts";
import type { Peer } from "../policy/peer.ts";
import type { Message } from "../protocols/dns/message.ts";
import type { Stage } from "../stage.ts";
import { overUdp, overWire, type Attempt, type Question } from "./carry.ts";

export interface Once {
  readonly peer: Peer;
  /** The connection to ask over; a datagram is sent where there is none. */
  readonly wire?: SocketWire;
  readonly question: Question;
  /** How long a datagram may stay unanswered. */
  readonly waitMs: number;
}

/**
 * One question, sent once: no second try, no other transport and no EDNS, so that what is counted is
 * what this one way does. Records are counted, so an answer that is half read is none.
 */
export const askOnce: Stage<Once, Message, typeof sheet> = {
  ...sheet,
  silence: "dns.timeout",

  async run({ peer, wire, question, waitMs }, { signal, note }) {
    const { name, type } = question;
    const attempts: Attempt[] = [];
    note({ question: { name, type }, transport: question.transport });
    const asked = { peer, target: place, question, signal, attempts, secured: () => {} };
    const message =
      wire === undefined ? await overUdp(asked, waitMs) : await overWire(wire, question, signal);
    if (message === undefined) {
      throw new Failure("dns.timeout", `no answer within ${(waitMs / 1000).toFixed(1)} s`);
    }
    note({ rcode: message.rcode, flags: { ...message.flags } });
    const [defect] = message.defects;
    if (defect !== undefined) {
      throw new Failure("dns.malformed", `the answer cannot be read whole: ${defect}`);
    }
    return message;
  },
};

/** Nothing is sent by HTTPS from here, so nobody asks where. */
const place = { host: "", isAddress: true, path: "/", port: 0 };
