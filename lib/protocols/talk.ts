/**
 * A conversation over a wire: lines and octets in order, within limits. Whoever is on the other side may
 * send whatever it likes for as long as it likes; what is read of it ends here.
 */
import { Failure } from "../failure.ts";
import { printable, speaks, titleOf } from "./speaks.ts";
import type { Wire } from "./wire.ts";

export interface Talk {
  say(what: Uint8Array | string): void;
  /** Exactly so many octets. */
  octets(count: number): Promise<Buffer>;
  /** Up to the next line feed, without it and a carriage return before it. */
  line(): Promise<string>;
  /** Whatever came, at least one octet. */
  some(): Promise<Buffer>;
  /** How many octets came that nobody has taken yet. */
  left(): number;
  /** What was heard first, as far as it serves to tell protocols apart. */
  opening(): Uint8Array;
}

/** All that one conversation may bring: no greeting needs more. */
const MOST = 128 * 1024;

const LONGEST_LINE = 8192;

const OPENING = 256;

/**
 * Rejects with `tcp.closed`, `tcp.reset`, the reason of `signal`, or `service.malformed` when the other
 * side sends more than anybody would.
 */
export function talkOver(wire: Wire, signal: AbortSignal): Talk {
  let opening = Buffer.alloc(0);
  let waiting = Buffer.alloc(0);
  let heard = 0;
  const hear = async () => {
    if (heard >= MOST) throw tooMuch(`more than ${MOST / 1024} KiB came`);
    const bytes = await wire.readSome(MOST - heard, signal);
    heard += bytes.length;
    waiting = Buffer.concat([waiting, bytes]);
    if (opening.length < OPENING) opening = Buffer.concat([opening, bytes]).subarray(0, OPENING);
  };
  const take = (count: number, skip = 0) => {
    const taken = waiting.subarray(0, count);
    waiting = waiting.subarray(count + skip);
    return taken;
  };
  return {
    say: (what) => wire.write(typeof what === "string" ? Buffer.from(what, "latin1") : what),
    async octets(count) {
      if (count > MOST) throw tooMuch(`${count} octets are announced`);
      while (waiting.length < count) await hear();
      return take(count);
    },
    async line() {
      let end = waiting.indexOf(0x0a);
      while (end < 0) {
        if (waiting.length > LONGEST_LINE) throw tooMuch(`a line is longer than ${LONGEST_LINE}`);
        await hear();
        end = waiting.indexOf(0x0a);
      }
      if (end > LONGEST_LINE) throw tooMuch(`a line is longer than ${LONGEST_LINE}`);
      return take(end, 1).toString("latin1").replace(/\r$/, "");
    },
    async some() {
      if (waiting.length === 0) await hear();
      return take(waiting.length);
    },
    left: () => waiting.length,
    opening: () => opening,
  };
}

function tooMuch(message: string): Failure {
  return new Failure("service.malformed", message);
}

/** The no of a port that speaks something else than what it was asked for. */
export function wrongProtocol(talk: Pick<Talk, "opening">, wanted: string): Failure {
  const opening = talk.opening();
  const found = speaks(opening);
  const title = titleOf(found);
  // Its own beginning, and then something that does not go with it.
  if (title === wanted) return malformed(wanted, `it began with "${printable(opening)}"`);
  const what = title ?? "a protocol that is not known here";
  const message = `this port speaks ${what}, not ${wanted}: it began with "${printable(opening)}"`;
  return new Failure("service.wrong_protocol", message, { speaks: found, wanted });
}

/** Ends that say less than what was heard before them. */
const ends: ReadonlySet<string> = new Set([
  "tcp.closed",
  "tcp.reset",
  "service.timeout",
  "stun.timeout",
]);

/**
 * A server of TLS answers what is not TLS with an alert of seven octets and hangs up; whoever waits for eight
 * would tell of the end and not of the alert. `own` is what `speaks` calls the protocol that was asked for.
 */
export function wasAnotherProtocol(
  error: unknown,
  talk: Pick<Talk, "opening">,
  own: string,
): boolean {
  if (!(error instanceof Failure) || !ends.has(error.code)) return false;
  const found = speaks(talk.opening());
  return found !== "unknown" && !found.split(" or ").includes(own);
}

/** The no of a service that began well and then broke its own rules. */
export function malformed(wanted: string, what: string): Failure {
  return new Failure("service.malformed", `this is not how ${wanted} goes on: ${what}`);
}
