import { Failure } from "../failure.ts";
import { printable } from "../protocols/speaks.ts";
import { talkOver, wasAnotherProtocol, wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { Wire } from "../protocols/wire.ts";
import type { Next, Service, Speaking } from "../services/service.ts";
import type { AnySheet, Stage } from "../stage.ts";
import type { Target } from "../target.ts";

export interface Greeting {
  readonly wire: Wire;
  readonly target: Pick<Target, "host" | "scheme">;
}

/**
 * The stage that greets one service over a wire. Gives back what comes after the greeting; where TLS is what
 * it is all about, a service without it is a no.
 */
export function greeting<Sheet extends AnySheet>(
  service: Service<Sheet>,
  wanted: "any" | "tls" = "any",
): Stage<Greeting, Next, Sheet> {
  return {
    ...service.sheet,
    silence: "service.timeout",

    async run({ wire, target: { host, scheme } }, { signal, note }) {
      const talk = talkOver(wire, signal);
      const next = await greetOver(talk, service, { note, host, scheme });
      if (next !== "done" && talk.left() > 0) {
        const message = "octets in plain text follow the agreement to begin TLS";
        throw new Failure("service.malformed", message, { octets: talk.left() });
      }
      if (next === "done" && wanted === "tls") {
        throw new Failure("tls.not_offered", `${service.title} answers and does not begin TLS`);
      }
      return next;
    },
  };
}

async function greetOver<Sheet extends AnySheet>(
  talk: Talk,
  service: Service<Sheet>,
  at: Speaking<Sheet>,
): Promise<Next> {
  let isTold = false;
  const note: typeof at.note = (facts) => {
    isTold = true;
    at.note(facts);
  };
  try {
    return await service.greet(talk, { ...at, note });
  } catch (error) {
    const { title, sheet, speaks = sheet.name } = service;
    if (!wasAnotherProtocol(error, talk, speaks)) throw isTold ? error : withWords(error, talk);
    const [wanted = title] = title.split(/[ ,]/);
    throw service.mistaken?.(talk) ?? wrongProtocol(talk, wanted);
  }
}

/** Whoever hangs up may have said why, in words that belong to no protocol. */
function withWords(error: unknown, talk: Talk): unknown {
  const heard = talk.opening();
  const isEnd = error instanceof Failure && /^tcp\.(?:closed|reset)$/.test(error.code);
  if (!isEnd || heard.length === 0) return error;
  const message = `${error.message}; before, it said "${printable(heard, 120)}"`;
  return new Failure(error.code, message, error.detail);
}
