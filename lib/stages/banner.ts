import { bannerSheet as sheet } from "../facts/banner.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import { formatAddress, parseAddress } from "../policy/address.ts";
import { classOf } from "../policy/classes.ts";
import { printable, speaks } from "../protocols/speaks.ts";
import type { Wire } from "../protocols/wire.ts";
import type { FactsOf, Stage } from "../stage.ts";
import { hear } from "./hear.ts";

export interface Listening {
  readonly wire: Wire;
  /** How long the server may take for all of it. */
  readonly waitMs: number;
}

const MOST = 1024;

/** Who said something whole and then nothing for so long is done. */
const PAUSE_MS = 200;

/**
 * Listens and says nothing. Silence is an answer, as most protocols wait for the client; whoever hangs up
 * without a word, or resets, ends the branch.
 */
export const banner: Stage<Listening, void, typeof sheet> = {
  ...sheet,
  silence: "tcp.timeout",

  async run({ wire, waitMs }, { signal, note }) {
    const start = performance.now();
    let heard = Buffer.alloc(0);
    let next: Uint8Array | Failure | undefined;
    do {
      const leftMs = Math.max(1, start + waitMs - performance.now());
      const patienceMs = isWhole(heard) ? Math.min(PAUSE_MS, leftMs) : leftMs;
      const more = hear(wire, MOST + 1 - heard.length, patienceMs, signal);
      next = await more.catch((error: unknown) => endOf(error, signal));
      if (next instanceof Uint8Array) {
        if (heard.length === 0) note({ firstMs: roundMs(performance.now() - start) });
        heard = Buffer.concat([heard, next]);
      }
    } while (next instanceof Uint8Array && heard.length <= MOST);
    const said = heard.subarray(0, MOST);
    const words =
      said.length === 0
        ? {}
        : { text: printable(said, MOST), speaks: speaks(said), ...addressIn(said) };
    const ended = endingOf(heard, next);
    note({ ended, bytes: said.length, truncated: heard.length > MOST, ...words });
    const hungUp = ended === "reset" || (ended === "closed" && heard.length === 0);
    if (hungUp) throw next;
  },
};

/** Some ports say from where they are asked, or who answers, as a bare address. */
function addressIn(said: Uint8Array) {
  const address = parseAddress(Buffer.from(said).toString("latin1").trim());
  if (address === undefined) return {};
  const literal = formatAddress(address);
  return { speaks: "address", address: literal, addressClass: classOf(literal) };
}

/** How the other side ended the connection; everything else is the trail's to hear of. */
function endOf(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Failure && !signal.aborted) return error;
  throw error;
}

/** A line that has ended, or a message of octets that are no text. */
function isWhole(heard: Uint8Array): boolean {
  return heard.at(-1) === 0x0a || heard.some((octet) => octet < 0x09);
}

function endingOf(
  heard: Uint8Array,
  last: Uint8Array | Failure | undefined,
): FactsOf<typeof sheet>["ended"] {
  if (last instanceof Uint8Array) return "full";
  if (last !== undefined) return last.code === "tcp.closed" ? "closed" : "reset";
  if (heard.length === 0) return "silent";
  return isWhole(heard) ? "paused" : "cut";
}
