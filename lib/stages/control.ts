import type * as z from "zod";
import { roundMs } from "../clock.ts";
import { controlSheet as sheet } from "../facts/control.ts";
import { Failure } from "../failure.ts";
import { azureServiceOf } from "../platform/private-link.ts";
import type { Peer } from "../policy/peer.ts";
import type { Message } from "../protocols/dns/message.ts";
import type { Stage } from "../stage.ts";
import { overStream, overUdp, type Dialogue, type Question } from "./carry.ts";

export interface Controlled {
  readonly peer: Peer;
  readonly target: Dialogue["target"];
  /** The question whose answer is to be understood. */
  readonly question: Question;
}

type Control = z.infer<(typeof sheet)["facts"]>["controls"][number];

interface Wanted {
  readonly purpose: Control["purpose"];
  readonly question: Question;
}

/** Reserved for documentation and served by the public tree (RFC 2606 §3): nobody needs a name of their own. */
const PUBLIC_NAME = "example.com.";

/** Every server answers or declines this by itself: it asks nobody else for it (RFC 4892 §2). */
const OWN_NAME = "version.bind.";

/**
 * Puts at most six more questions to a server, all at once and each only once, so that a failure can be
 * understood: is the server down, does it not recurse, does it know the private zone and not the record?
 */
export const control: Stage<Controlled, void, typeof sheet> = {
  ...sheet,
  silence: "dns.timeout",

  async run({ peer, target, question }, { signal, note }) {
    const waitMs = Math.max(1, Math.floor(question.timeoutMs * 0.9));
    const dialogue = { peer, target, signal, attempts: [], secured: () => {} };
    const controls = await Promise.all(
      wantedFor(question).map((wanted) => put(wanted, dialogue, waitMs)),
    );
    signal.throwIfAborted();
    note({ controls });
  },
};

function wantedFor(question: Question): readonly Wanted[] {
  const { name, transport, cd } = question;
  const found = azureServiceOf(name);
  const ask = (purpose: Wanted["purpose"], more: Partial<Question>): Wanted => ({
    purpose,
    question: { ...question, cd: false, searched: false, ...more },
  });
  const zone = (purpose: Wanted["purpose"], origin: string | undefined) =>
    origin === undefined ? [] : [ask(purpose, { name: `${origin}.`, type: "SOA" })];
  return [
    ask("the server itself", { name: OWN_NAME, type: "TXT", class: "CH" }),
    ask("a public name", { name: PUBLIC_NAME, type: "A", class: "IN" }),
    ...zone("the public zone", found?.publicZone),
    ...zone("the private-link zone", found?.privateZone),
    ...(transport === "udp" ? [ask("the same over TCP", { transport: "tcp" })] : []),
    ...(cd ? [] : [ask("the same unchecked", { cd: true })]),
  ];
}

async function put(
  { purpose, question }: Wanted,
  common: Omit<Dialogue, "question">,
  waitMs: number,
): Promise<Control> {
  const { name, type, transport } = question;
  const start = performance.now();
  const told = (outcome: string, message?: Message): Control => {
    const data = message?.answers[0]?.data;
    return {
      purpose,
      name,
      type,
      transport,
      ms: roundMs(performance.now() - start),
      outcome,
      ...(data === undefined ? {} : { data }),
      ...(message === undefined ? {} : { ra: message.flags.ra }),
    };
  };
  try {
    const dialogue = { ...common, question };
    const message =
      transport === "udp"
        ? await overUdp(dialogue, waitMs)
        : await overStream(dialogue, transport, waitMs);
    return message === undefined ? told("timeout") : told(message.rcode, message);
  } catch (error) {
    if (error instanceof Failure) return told(error.code);
    throw error;
  }
}
