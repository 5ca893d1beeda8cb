/**
 * One question put to one server, as often and over as many transports as it takes: at most `tries` + 5
 * attempts, twice that where the server takes offence at EDNS. RFC 7766, RFC 6891.
 */
import { Failure } from "../failure.ts";
import type { Message } from "../protocols/dns/message.ts";
import { overStream, overUdp, type Dialogue, type Question } from "./carry.ts";

/**
 * Parts of the question's time. The plain questions get the most; what is tried after their silence gets
 * a look each, all within the whole, so that a stage ends by its own word and not by the trail's.
 */
const TRIES = 0.6;
const RUNG = 0.15;
const CUT = 0.3;
const ALL = 0.9;

/** Rejects with `dns.*` failures or the reason of the signal. A cut answer comes back when TCP gives none. */
export async function converse(dialogue: Dialogue): Promise<Message> {
  const first = await put(dialogue);
  const again = secondThought(first, dialogue.question);
  return again === undefined ? first : put({ ...dialogue, question: again });
}

/**
 * Old servers and middleboxes choke on EDNS and say so in one of these ways (RFC 6891 §7). BADCOOKIE
 * brings the cookie that was missing (RFC 7873 §5.3).
 */
function secondThought({ rcode, edns }: Message, question: Question): Question | undefined {
  if (question.edns === "off") return undefined;
  if (["FORMERR", "NOTIMP", "BADVERS"].includes(rcode)) return { ...question, edns: "off" };
  if (rcode !== "BADCOOKIE" || edns?.cookie === undefined) return undefined;
  const cookie = Buffer.from(edns.cookie.client + edns.cookie.server, "hex");
  return { ...question, edns: { ...question.edns, cookie } };
}

/** UDP as often as allowed, then TCP when the answer was cut; or the one stream that was asked for. */
async function put(dialogue: Dialogue): Promise<Message> {
  const { transport, tries } = dialogue.question;
  if (transport !== "udp") return overStream(dialogue, transport, part(dialogue, ALL));
  for (let left = tries; left > 0; left -= 1) {
    const message = await firmly(dialogue);
    if (message !== undefined) return whole(message, dialogue);
  }
  return climbDown(dialogue);
}

/** Over UDP; where the port is closed, over TCP, which may be open all the same. */
async function firmly(dialogue: Dialogue): Promise<Message | undefined> {
  try {
    return await overUdp(dialogue, part(dialogue, TRIES / dialogue.question.tries));
  } catch (error) {
    if (!isFailure(error, "dns.unreachable") || dialogue.signal.aborted) throw error;
    const message = await quietly(overStream(dialogue, "tcp", part(dialogue, CUT)), dialogue);
    if (message === undefined) throw error;
    return message;
  }
}

/** The answer over TCP, or the cut one when TCP gives none. */
async function whole(message: Message, dialogue: Dialogue): Promise<Message> {
  if (!message.flags.tc) return message;
  return (await quietly(overStream(dialogue, "tcp", part(dialogue, CUT)), dialogue)) ?? message;
}

/**
 * What silence may hide, all at once: smaller answers (fragments of larger ones get lost), no EDNS
 * (middleboxes discard what they do not know), TCP (UDP is shut). Where UDP answers one of these, the
 * first question is asked once more: if it is answered now, its size was not the trouble.
 */
async function climbDown(dialogue: Dialogue): Promise<Message> {
  const { question, signal } = dialogue;
  const waitMs = part(dialogue, RUNG);
  const rungs = rungsBelow(question.edns).map((edns) =>
    quietly(overUdp({ ...dialogue, question: { ...question, edns } }, waitMs), dialogue),
  );
  const stream = quietly(overStream(dialogue, "tcp", waitMs), dialogue);
  const [tcp, ...heard] = await Promise.all([stream, ...rungs]);
  signal.throwIfAborted();
  const answers = heard.filter((message) => message !== undefined);
  if (answers.length > 0) {
    const again = await quietly(overUdp(dialogue, waitMs), dialogue);
    if (again?.flags.tc === false) return again;
  }
  const best = tcp ?? answers.find(({ flags }) => !flags.tc) ?? answers[0];
  if (best !== undefined) return best;
  const times = question.tries === 1 ? "one question" : `${question.tries} questions`;
  throw new Failure("dns.timeout", `no answer to ${times} over UDP, and none over TCP`);
}

/** 1232 passes nearly everywhere unfragmented (DNS Flag Day 2020); 512 is what there was before EDNS. */
function rungsBelow(edns: Question["edns"]): readonly Question["edns"][] {
  if (edns === "off") return [];
  const smaller = [1232, 512].filter((size) => size < edns.udpSize);
  return [...smaller.map((udpSize) => ({ ...edns, udpSize })), "off"];
}

/** A no among several attempts is only noted; the end of the whole dialogue is not. */
async function quietly(
  attempt: Promise<Message | undefined>,
  { signal }: Dialogue,
): Promise<Message | undefined> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof Failure && !signal.aborted) return undefined;
    throw error;
  }
}

function part({ question: { timeoutMs } }: Dialogue, share: number): number {
  return Math.max(1, Math.floor(timeoutMs * share));
}

function isFailure(error: unknown, code: string): boolean {
  return error instanceof Failure && error.code === code;
}
