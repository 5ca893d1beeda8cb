import { querySheet as sheet } from "../facts/query.ts";
import type { Failure } from "../failure.ts";
import { classOf } from "../policy/classes.ts";
import type { Peer } from "../policy/peer.ts";
import { endpointOf } from "../protocols/authority.ts";
import { followChain } from "../protocols/dns/chain.ts";
import type { Message } from "../protocols/dns/message.ts";
import type { At, Stage } from "../stage.ts";
import { answerFailure } from "./answer.ts";
import type { Attempt, Dialogue, Question } from "./carry.ts";
import { converse } from "./dialogue.ts";

export interface ServerQuestion {
  readonly peer: Peer;
  readonly target: Dialogue["target"];
  readonly question: Question;
  /** The names to ask in turn, until one has an answer: those of the search list, or one. */
  readonly names: readonly string[];
  readonly unicode: string | undefined;
  /** Where the server was configured; absent when the caller named it. */
  readonly origin: string | undefined;
  /** Asked beside the servers of the application. */
  readonly opinion?: true;
  /** Set on the way down the tree of names. */
  readonly way?: {
    /** The zone whose server is asked. */
    readonly zone: string;
    /** Whether its answer leads on to a zone below. */
    leadsOn(message: Message): boolean;
  };
  /** The answer of the time before, to be compared with. */
  readonly before?: Message | undefined;
  /** Told of the answer, whatever it means. */
  readonly heard: (message: Message) => void;
}

type Note = At<typeof sheet>["note"];

/**
 * Asks one name server. Every attempt is kept, a truncated UDP answer stays when TCP gives none, and the
 * sections of a negative answer are noted before its code ends the branch.
 */
export const ask: Stage<ServerQuestion, void, typeof sheet> = {
  ...sheet,
  silence: "dns.timeout",

  async run(asked, { signal, note }) {
    const { peer, target, question, names, origin, before, heard } = asked;
    const attempts: Attempt[] = [];
    note({
      question: shownQuestion(question, asked.unicode),
      server: endpointOf(peer),
      ...(origin === undefined ? {} : { origin }),
      ...(asked.opinion === undefined ? {} : { opinion: asked.opinion }),
      ...(names.length < 2 ? {} : { search: [...names] }),
      ...(asked.way === undefined ? {} : { zone: asked.way.zone }),
      attempts,
    });
    const secured: Dialogue["secured"] = (channel) => note({ channel });
    const settled = await search(asked, { peer, target, question, signal, attempts, secured });
    const { message } = settled;
    heard(message);
    note({ question: shownQuestion(settled.question, asked.unicode) });
    noteMessage(message, settled.question, note);
    note({ transport: carrierOf(message, question, attempts) });
    if (message.flags.tc) note({ truncated: true });
    if (asked.way?.leadsOn(message) === true) note({ referral: true });
    if (before !== undefined) note({ changed: changes(before, message) });
    if (settled.failure !== undefined) throw settled.failure;
  },
};

/** Over UDP a cut answer stays when no whole one came over TCP. */
function carrierOf({ flags }: Message, { transport }: Question, attempts: readonly Attempt[]) {
  if (transport !== "udp") return transport;
  const carried = attempts.findLast(({ outcome }) => outcome === "answered")?.transport;
  return flags.tc ? "udp" : (carried ?? "udp");
}

export function shownQuestion({ name, type, class: kind }: Question, unicode: string | undefined) {
  return {
    name,
    type,
    ...(kind === "IN" ? {} : { class: kind }),
    ...(unicode === undefined ? {} : { unicode }),
  };
}

interface Settled {
  readonly message: Message;
  readonly question: Question;
  readonly failure: Failure | undefined;
}

const searchesOn = new Set<string | undefined>(["dns.nxdomain", "dns.nodata"]);

/** On the way down the tree a referral is what was looked for, and an alias is all that its own zone knows. */
function isWord(no: Failure | undefined, message: Message, way: ServerQuestion["way"]): boolean {
  if (way === undefined || no === undefined) return false;
  if (no.code === "dns.lame") return way.leadsOn(message);
  return no.code === "dns.nodata" && message.answers.some(({ type }) => type === "CNAME");
}

/** As the C library goes through its search list: on to the next name while there is no such name or data. */
async function search(
  { names, question, way }: ServerQuestion,
  dialogue: Dialogue,
): Promise<Settled> {
  let kept: Settled | undefined;
  for (const name of names) {
    const asked = { ...question, name, searched: name !== question.name };
    const message = await converse({ ...dialogue, question: asked });
    const no = answerFailure(message, asked);
    const failure = isWord(no, message, way) ? undefined : no;
    const now = { message, question: asked, failure };
    if (!searchesOn.has(failure?.code)) return now;
    // When no name has an answer, the caller's own is what the no is about.
    if (kept === undefined || name === question.name) kept = now;
  }
  if (kept === undefined) throw new Error("there was no name to ask for");
  return kept;
}

/** More records than this are not shown; the count is. */
const RECORDS_SHOWN = 256;

function noteMessage(message: Message, { name, type }: Question, note: Note): void {
  const { chain, addresses } = followChain(name, type, message.answers);
  const { rcode, flags, edns: options, defects } = message;
  const hidden = [message.answers, message.authority, message.additional]
    .map(({ length }) => Math.max(0, length - RECORDS_SHOWN))
    .reduce((sum, one) => sum + one, 0);
  note({
    rcode,
    flags: { ...flags },
    answers: shown(message.answers),
    authority: shown(message.authority),
    additional: shown(message.additional),
    ...(hidden === 0 ? {} : { more: hidden }),
    chain: chain.map((link) => link.target),
    addresses: addresses
      .slice(0, RECORDS_SHOWN)
      .map((address) => ({ address, class: classOf(address) })),
    ...(options === undefined ? {} : { edns: ednsOf(options) }),
    ...(defects.length === 0 ? {} : { defects: [...defects] }),
  });
}

function shown(records: Message["answers"]) {
  return records.slice(0, RECORDS_SHOWN).map(withoutIn);
}

function withoutIn({ name, type, class: kind, ttl, data }: Message["answers"][number]) {
  return { name, type, ...(kind === "IN" ? {} : { class: kind }), ttl, data };
}

function ednsOf({ udpSize, version, dnssecOk, nsid, cookie, ede }: NonNullable<Message["edns"]>) {
  const told = cookie?.server === "" ? "ours came back alone" : "server cookie";
  return {
    udpSize,
    version,
    dnssecOk,
    ...(nsid === undefined ? {} : { nsid: nsid.text ?? nsid.hex }),
    ...(cookie === undefined ? {} : { cookie: told }),
    ...(ede.length === 0 ? {} : { ede: [...ede] }),
  };
}

/** What came and what went, whatever the order and the TTLs. */
function changes(before: Message, now: Message): string[] {
  const [was, is] = [new Set(written(before)), new Set(written(now))];
  return [
    ...[...is].filter((one) => !was.has(one)).map((line) => `+ ${line}`),
    ...[...was].filter((one) => !is.has(one)).map((line) => `- ${line}`),
  ].slice(0, RECORDS_SHOWN);
}

function written({ answers, rcode }: Message): string[] {
  const lines = answers.map(({ name, type, data }) => `${name} ${type} ${data}`);
  return rcode === "NOERROR" ? lines : [rcode, ...lines];
}
