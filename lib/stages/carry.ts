/** One question, once, over one transport. RFC 1035 §4.2, RFC 7766, RFC 7858, RFC 8484. */
import { randomBytes, randomInt } from "node:crypto";
import type * as z from "zod";
import { roundMs } from "../clock.ts";
import type { attempt, channel } from "../facts/dns.ts";
import { Failure } from "../failure.ts";
import { exchange } from "../net/datagram.ts";
import { dial } from "../net/dial.ts";
import type { SocketWire } from "../net/wire.ts";
import type { Peer } from "../policy/peer.ts";
import { codec } from "../protocols/dns/codec.ts";
import { screen } from "../protocols/dns/match.ts";
import type { Message, Query, QueryEdns } from "../protocols/dns/message.ts";
import type { Target } from "../target.ts";
import { framed, overHttp, secured } from "./channel.ts";
import { within } from "./within.ts";

export type Attempt = z.infer<typeof attempt>;
export type Channel = z.infer<typeof channel>;

export interface Question {
  readonly name: string;
  readonly type: string;
  readonly class: string;
  readonly transport: "udp" | "tcp" | "tls" | "https";
  /** Recursion desired. */
  readonly rd: boolean;
  /** Checking disabled. */
  readonly cd: boolean;
  readonly edns: QueryEdns | "off";
  /** Sends a cookie along: RFC 7873. */
  readonly cookie: boolean;
  /** How HTTPS carries the question: RFC 8484 §4.1. */
  readonly doh: "POST" | "GET";
  /** Questions over UDP before silence is believed. */
  readonly tries: number;
  /** How long all attempts together may take. */
  readonly timeoutMs: number;
  /** A name of the search list, not the one that the caller wrote: attempts show it. */
  readonly searched: boolean;
}

export interface Dialogue {
  readonly peer: Peer;
  /** The server as it was named: what a certificate must be for, and where HTTPS asks. */
  readonly target: Pick<Target, "host" | "isAddress" | "path" | "port">;
  readonly question: Question;
  readonly signal: AbortSignal;
  /** Every attempt, as it goes: it is evidence even when the dialogue ends in a failure. */
  readonly attempts: Attempt[];
  /** Told of TLS as soon as it stands. */
  readonly secured: (channel: Channel) => void;
}

/** Over UDP; `undefined` when nobody answered within `waitMs`. Throws `dns.*` failures. */
export async function overUdp(dialogue: Dialogue, waitMs: number): Promise<Message | undefined> {
  const { peer, question, signal } = dialogue;
  const { decode } = await codec();
  const { payload, whyNot } = await written(question);
  return timed("udp", dialogue, async (mine) => {
    const heard = await exchange(peer, { payload, screen: whyNot, waitMs, signal });
    if (heard.dropped.length > 0) mine.dropped = [...heard.dropped];
    if (heard.bytes === undefined) {
      mine.outcome = "timeout";
      return undefined;
    }
    return read(decode, heard.bytes, mine);
  });
}

/** Over a stream, opened for this question. Throws `dns.*` and, for TLS and HTTPS, `tls.*` and `http.*` failures. */
export async function overStream(
  dialogue: Dialogue,
  transport: Exclude<Question["transport"], "udp">,
  waitMs: number,
): Promise<Message> {
  const { decode } = await codec();
  const { question, signal } = dialogue;
  const asked = await written(question, transport);
  return timed(transport, dialogue, (mine) =>
    within(waitMs, signal, "dns.timeout", async (own) => {
      using plain = await dial(dialogue.peer, own);
      using wire = transport === "tcp" ? undefined : await secured(plain, dialogue, transport, own);
      const bytes =
        transport === "https" && wire !== undefined
          ? await overHttp(wire, asked.payload, dialogue, own)
          : await framed(wire ?? plain, asked.payload, own);
      const why = asked.whyNot(bytes);
      if (why !== undefined) throw new Failure("dns.malformed", `not the answer: ${why}`, { why });
      return read(decode, bytes, mine);
    }),
  );
}

/** Over a connection that is already there, plain or secured. Throws `dns.*` and `tcp.*` failures. */
export async function overWire(
  wire: SocketWire,
  question: Question,
  signal: AbortSignal,
): Promise<Message> {
  const { decode } = await codec();
  const { payload, whyNot } = await written(question, question.transport);
  const bytes = await framed(wire, payload, signal);
  const why = whyNot(bytes);
  if (why !== undefined) throw new Failure("dns.malformed", `not the answer: ${why}`, { why });
  return decode(bytes);
}

/**
 * The octets of a question and the judge of its answer. A fresh id for every attempt (RFC 5452 §9.2), but
 * none over HTTPS, whose caches would not know it (RFC 8484 §4.1). Under TLS the length is hidden: RFC 8467.
 */
async function written(question: Question, transport: Question["transport"] = "udp") {
  const { encodeQuery } = await codec();
  const { name, type, class: kind, rd, cd, edns, cookie } = question;
  const sent = { id: transport === "https" ? 0 : randomInt(0x1_0000), name, type, class: kind };
  const padTo = transport === "tls" || transport === "https" ? { padTo: 128 } : {};
  const baked = cookie ? { cookie: randomBytes(8) } : {};
  const options: Query["edns"] = edns === "off" ? "off" : { ...baked, ...edns, ...padTo };
  const query = { ...sent, recursionDesired: rd, checkingDisabled: cd, edns: options };
  const whyNot = (bytes: Uint8Array) => {
    const screening = screen(bytes, sent);
    return screening.ok ? undefined : screening.why;
  };
  return { payload: encodeQuery(query), whyNot };
}

function read(decode: (bytes: Uint8Array) => Message, bytes: Uint8Array, mine: Attempt): Message {
  mine.bytes = bytes.length;
  const message = decode(bytes);
  mine.rcode = message.rcode;
  if (message.flags.tc) mine.outcome = "truncated";
  return message;
}

async function timed<T>(
  transport: Attempt["transport"],
  { attempts, question }: Dialogue,
  attemptOne: (mine: Attempt) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const { edns } = question;
  const size = transport === "udp" ? { edns: edns === "off" ? edns : edns.udpSize } : {};
  const name = question.searched ? { name: question.name } : {};
  const mine: Attempt = { transport, ...name, ...size, ms: 0, outcome: "answered" };
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
