import { querySheet as sheet } from "../facts/query.ts";
import { classOf } from "../policy/classes.ts";
import type { Peer } from "../policy/peer.ts";
import { followChain } from "../protocols/dns/chain.ts";
import type { Message } from "../protocols/dns/message.ts";
import type { At, Stage } from "../stage.ts";
import { urlHost } from "../target.ts";
import { answerFailure } from "./answer.ts";
import { converse, type Attempt, type Question } from "./dialogue.ts";

export interface ServerQuestion {
  readonly peer: Peer;
  readonly question: Question;
  /** Where the server was configured; absent when the caller named it. */
  readonly origin: string | undefined;
}

type Note = At<typeof sheet>["note"];

/**
 * Asks one name server. Every attempt is kept, a truncated UDP answer stays when TCP gives none, and the
 * sections of a negative answer are noted before its code ends the branch.
 */
export const ask: Stage<ServerQuestion, void, typeof sheet> = {
  ...sheet,
  silence: "dns.timeout",

  async run({ peer, question, origin }, { signal, note }) {
    const { name, type } = question;
    const attempts: Attempt[] = [];
    note({
      question: { name, type },
      server: `${urlHost(peer.address)}:${peer.port}`,
      ...(origin === undefined ? {} : { origin }),
      attempts,
    });
    const message = await converse({ peer, question, signal, attempts });
    noteMessage(message, question, note);
    note({ transport: message.flags.tc ? "udp" : (attempts.at(-1)?.transport ?? "udp") });
    if (message.flags.tc) note({ truncated: true });
    const failure = answerFailure(message, question);
    if (failure !== undefined) throw failure;
  },
};

/** More records than this are not shown; the count is. */
const RECORDS_SHOWN = 256;

function noteMessage(message: Message, { name, type }: Question, note: Note): void {
  const { chain, addresses } = followChain(name, type, message.answers);
  const { rcode, flags, edns: options, defects } = message;
  note({
    rcode,
    flags: { ...flags },
    answers: shown(message.answers),
    authority: shown(message.authority),
    additional: shown(message.additional),
    chain: chain.map((link) => link.target),
    addresses: addresses.map((address) => ({ address, class: classOf(address) })),
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

function ednsOf({ udpSize, version, dnssecOk, nsid, ede }: NonNullable<Message["edns"]>) {
  return {
    udpSize,
    version,
    dnssecOk,
    ...(nsid === undefined ? {} : { nsid: nsid.text ?? nsid.hex }),
    ...(ede === undefined ? {} : { ede: [...ede] }),
  };
}
