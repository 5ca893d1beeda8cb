import { randomBytes } from "node:crypto";
import type * as z from "zod";
import { ntpSheet as sheet, type sample } from "../facts/ntp.ts";
import { Failure, type Code } from "../failure.ts";
import { exchange } from "../net/datagram.ts";
import { wallClock } from "../net/wallclock.ts";
import type { Peer } from "../policy/peer.ts";
import { endpointOf } from "../protocols/authority.ts";
import * as protocol from "../protocols/ntp.ts";
import { unixMsOf } from "../protocols/ntp-time.ts";
import type { Stage } from "../stage.ts";

export interface TimeQuestion {
  readonly peer: Peer;
  /** How many exchanges, one after the other; at least one. */
  readonly samples: number;
  /** How long each of them waits. */
  readonly waitMs: number;
}

/**
 * Asks one server for the time, and keeps the answer with the shortest delay: whatever a packet waits for
 * on its way adds to the delay and, as it mostly happens one way only, to the error (RFC 5905 §10).
 *
 * The samples are no fork. They are one measurement, told by its best part; side by side they would wait
 * for each other; and whether there is a next one depends on the last: silence is asked again, while an
 * answer that says no ends the burst, as a kiss-o'-death demands (RFC 5905 §7.4). It ends the branch only
 * if no sample had an answer before.
 */
export const ntp: Stage<TimeQuestion, void, typeof sheet> = {
  ...sheet,
  silence: "ntp.timeout",

  async run(question, { signal, note }) {
    const { peer, samples: wanted } = question;
    const samples: Sample[] = [];
    const answers: Answer[] = [];
    let no: Failure | undefined;
    note({ server: endpointOf(peer), samples });
    while (samples.length < wanted && (no === undefined || askAgain.has(no.code))) {
      const mine: Sample = { outcome: "answered" };
      samples.push(mine);
      try {
        const heard = await hear(question, signal, mine);
        if (answers.length === 0) note(factsOf(heard));
        note(kissIn(heard));
        answers.push(timed(heard, mine));
        note(figuresOf(answers));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        no = notOnlySilence(error, mine);
        mine.outcome = no.code;
        if (signal.aborted) throw no;
      }
    }
    if (answers.length === 0 && no !== undefined) throw no;
  },
};

/** What may be a lost packet, or somebody else's. */
const askAgain = new Set<Code>(["ntp.timeout", "ntp.malformed"]);

type Sample = z.infer<typeof sample>;

interface Heard {
  readonly reply: protocol.Reply;
  /** By this host's wall clock, in milliseconds since 1970. */
  readonly sentMs: number;
  readonly heardMs: number;
  readonly clockErrorMs: number;
}

type Answer = Heard & protocol.Measured;

/** More datagrams than this that are not the answer are not shown. */
const DROPPED_SHOWN = 16;

/** One exchange from a fresh socket, and so a fresh port. Throws `ntp.timeout`, `udp.*` or the signal's reason. */
async function hear(
  { peer, waitMs }: TimeQuestion,
  signal: AbortSignal,
  mine: Sample,
): Promise<Heard> {
  const nonce = randomBytes(8).readBigUInt64BE();
  const wall = wallClock(); // before anything is on its way: it may take a millisecond
  // Kept here and not by the exchange alone, because a signal that ends it would take them along.
  const screen = (bytes: Uint8Array) => {
    const why = protocol.whyNotTheAnswer(bytes, nonce);
    if (why !== undefined && (mine.dropped ??= []).length < DROPPED_SHOWN) mine.dropped.push(why);
    return why;
  };
  const payload = protocol.encodeRequest(nonce);
  const heard = await exchange(peer, { payload, screen, waitMs, signal });
  if (heard.bytes === undefined) {
    throw new Failure("ntp.timeout", `no answer within ${(waitMs / 1000).toFixed(1)} s`);
  }
  return {
    reply: protocol.decodeReply(heard.bytes),
    sentMs: wall.at(heard.sentAt),
    heardMs: wall.at(heard.heardAt),
    clockErrorMs: wall.errorMs,
  };
}

/** Something came that was not the answer: then this is no silence. */
function notOnlySilence(failure: Failure, { dropped }: Sample): Failure {
  if (failure.code !== "ntp.timeout" || dropped === undefined) return failure;
  return new Failure("ntp.malformed", `what came back is not the answer: ${dropped[0]}`);
}

/** The time in an answer. Throws the no in it. */
function timed(heard: Heard, mine: Sample): Answer {
  const no = protocol.refusalOf(heard.reply);
  if (no !== undefined) throw no;
  const measured = protocol.measure(heard.reply, heard.sentMs, heard.heardMs);
  mine.offsetMs = roundUs(measured.offsetMs);
  mine.delayMs = roundUs(measured.delayMs);
  return { ...heard, ...measured };
}

/** A pair of clocks read at a tick is good to some microseconds, unlike the timers of other stages. */
function roundUs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function kissIn({ reply }: Heard) {
  const kiss = protocol.kissOf(reply);
  return kiss === undefined ? {} : { kiss };
}

function factsOf({ reply, heardMs }: Heard) {
  const { id, kind } = protocol.referenceOf(reply);
  const { version, leap, stratum, reference } = reply;
  return {
    version,
    leap,
    stratum,
    referenceId: id,
    referenceKind: kind,
    ...(reference === 0n
      ? {}
      : { referenceTime: new Date(unixMsOf(reference, heardMs)).toISOString() }),
    precisionMs: Number(reply.precisionMs.toPrecision(3)), // it is a power of two
    rootDelayMs: roundUs(reply.rootDelayMs),
    rootDispersionMs: roundUs(reply.rootDispersionMs),
  };
}

function figuresOf(answers: readonly Answer[]) {
  const [best, ...others] = answers.toSorted((one, other) => one.delayMs - other.delayMs);
  if (best === undefined) return {};
  const { reply, offsetMs, delayMs, clockErrorMs } = best;
  const errorMs = delayMs / 2 + reply.precisionMs + clockErrorMs;
  const squares = others.map((one) => (one.offsetMs - offsetMs) ** 2);
  const sum = squares.reduce((total, square) => total + square, 0);
  return {
    ...factsOf(best),
    offsetMs: roundUs(offsetMs),
    delayMs: roundUs(delayMs),
    errorMs: roundUs(errorMs),
    rootDistanceMs: roundUs(errorMs + reply.rootDelayMs / 2 + reply.rootDispersionMs),
    ...(others.length === 0 ? {} : { jitterMs: roundUs(Math.sqrt(sum / others.length)) }),
  };
}
