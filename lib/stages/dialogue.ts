/** One question put to one server, as often and over as many transports as it takes. RFC 7766, RFC 6891. */
import { randomInt } from "node:crypto";
import type * as z from "zod";
import { roundMs } from "../clock.ts";
import type { attempt } from "../facts/query.ts";
import { Failure } from "../failure.ts";
import { exchange } from "../net/datagram.ts";
import { dial } from "../net/dial.ts";
import type { Peer } from "../policy/peer.ts";
import { codec } from "../protocols/dns/codec.ts";
import { screen, type Sent } from "../protocols/dns/match.ts";
import type { Message, QueryEdns } from "../protocols/dns/message.ts";

export interface Question {
  readonly name: string;
  readonly type: string;
  readonly transport: "udp" | "tcp";
  /** How long one attempt waits. */
  readonly waitMs: number;
  readonly tries: number;
}

export interface Dialogue {
  readonly peer: Peer;
  readonly question: Question;
  readonly signal: AbortSignal;
  /** Every attempt, as it goes: it is evidence even when the dialogue ends in a failure. */
  readonly attempts: Attempt[];
}

export type Attempt = z.infer<typeof attempt>;

/** The size that passes nearly everywhere unfragmented, by the agreement of DNS Flag Day 2020. */
const edns: QueryEdns = { udpSize: 1232, dnssecOk: false };

/** Rejects with `dns.*` failures or the reason of the signal. A cut answer comes back when TCP gives none. */
export async function converse(dialogue: Dialogue): Promise<Message> {
  const first = await put(dialogue, edns);
  // Old servers and middleboxes choke on EDNS and say so in one of these ways (RFC 6891 §7).
  const shy = ["FORMERR", "NOTIMP", "BADVERS"].includes(first.rcode);
  return shy ? put(dialogue, "off") : first;
}

/** UDP as often as allowed, then TCP when the answer was cut; or TCP at once. */
async function put(dialogue: Dialogue, options: QueryEdns | "off"): Promise<Message> {
  const { transport, tries } = dialogue.question;
  if (transport === "tcp") return overTcp(dialogue, options);
  for (let left = tries; left > 0; left -= 1) {
    const message = await overUdp(dialogue, options);
    if (message?.flags.tc === true) return whole(message, dialogue, options);
    if (message !== undefined) return message;
  }
  throw new Failure("dns.timeout", `no answer to ${tries} questions over UDP`);
}

/** The answer over TCP, or the cut one when TCP gives none. */
async function whole(
  cut: Message,
  dialogue: Dialogue,
  options: QueryEdns | "off",
): Promise<Message> {
  try {
    return await overTcp(dialogue, options);
  } catch (error) {
    if (error instanceof Failure && !dialogue.signal.aborted) return cut;
    throw error;
  }
}

async function overUdp(
  { peer, question, signal, attempts }: Dialogue,
  options: QueryEdns | "off",
): Promise<Message | undefined> {
  const { encodeQuery, decode } = await codec();
  const sent = newQuestion(question);
  const payload = encodeQuery({ ...sent, recursionDesired: true, edns: options });
  return timed("udp", attempts, async (mine) => {
    const { waitMs } = question;
    const heard = await exchange(peer, {
      payload,
      screen: (bytes) => whyNot(bytes, sent),
      waitMs,
      signal,
    });
    if (heard.dropped.length > 0) mine.dropped = [...heard.dropped];
    if (heard.bytes === undefined) {
      mine.outcome = "timeout";
      return undefined;
    }
    const message = decode(heard.bytes);
    if (message.flags.tc) mine.outcome = "truncated";
    return message;
  });
}

/** DNS over TCP: a length of two octets before each message, RFC 7766 §8. */
async function overTcp(
  { peer, question, signal, attempts }: Dialogue,
  options: QueryEdns | "off",
): Promise<Message> {
  const { encodeQuery, decode } = await codec();
  const sent = newQuestion(question);
  const payload = encodeQuery({ ...sent, recursionDesired: true, edns: options });
  return timed("tcp", attempts, async () => {
    using wire = await dial(peer, signal);
    wire.write(Buffer.concat([Buffer.from([payload.length >> 8, payload.length & 0xff]), payload]));
    const [high = 0, low = 0] = await wire.read(2, signal);
    const bytes = await wire.read(high * 256 + low, signal);
    const why = whyNot(bytes, sent);
    if (why !== undefined) throw new Failure("dns.malformed", `not the answer: ${why}`, { why });
    return decode(bytes);
  });
}

/** A fresh id for every attempt: RFC 5452 §9.2. */
function newQuestion({ name, type }: Question): Sent {
  return { id: randomInt(0x1_0000), name, type };
}

function whyNot(bytes: Uint8Array, sent: Sent): string | undefined {
  const screening = screen(bytes, sent);
  return screening.ok ? undefined : screening.why;
}

async function timed<T>(
  transport: Attempt["transport"],
  attempts: Attempt[],
  attemptOne: (mine: Attempt) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const mine: Attempt = { transport, ms: 0, outcome: "answered" };
  attempts.push(mine);
  try {
    return await attemptOne(mine);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    mine.outcome = error.code;
    throw dnsFailure(error);
  } finally {
    mine.ms = roundMs(performance.now() - start);
  }
}

/** For a question of DNS a closed port and a missing route are the same news: the server is not there. */
function dnsFailure(failure: Failure): Failure {
  const { code, message, detail } = failure;
  if (code === "tcp.timeout") return new Failure("dns.timeout", message, detail);
  const away = code.startsWith("udp.") || code.startsWith("tcp.");
  return away ? new Failure("dns.unreachable", message, { ...detail, because: code }) : failure;
}
