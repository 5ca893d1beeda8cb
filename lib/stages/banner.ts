import { bannerSheet as sheet } from "../facts/banner.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import { printable, speaks } from "../protocols/speaks.ts";
import type { Wire } from "../protocols/wire.ts";
import type { FactsOf, Stage } from "../stage.ts";
import { within } from "./within.ts";

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
    let whyNot: Failure | undefined;
    while (whyNot === undefined && heard.length <= MOST) {
      const leftMs = Math.max(1, start + waitMs - performance.now());
      const patienceMs = isWhole(heard) ? Math.min(PAUSE_MS, leftMs) : leftMs;
      const next = await hear(wire, MOST + 1 - heard.length, patienceMs, signal);
      if (next instanceof Failure) whyNot = next;
      else {
        if (heard.length === 0) note({ firstMs: roundMs(performance.now() - start) });
        heard = Buffer.concat([heard, next]);
      }
    }
    const said = heard.subarray(0, MOST);
    const words = said.length === 0 ? {} : { text: printable(said, MOST), speaks: speaks(said) };
    const ended = endingOf(heard, whyNot);
    note({ ended, bytes: said.length, truncated: heard.length > MOST, ...words });
    const hungUp = ended === "reset" || (ended === "closed" && heard.length === 0);
    if (hungUp) throw whyNot;
  },
};

/** What came, or why nothing did. Rejects when the stage's own time is up. */
async function hear(
  wire: Wire,
  most: number,
  waitMs: number,
  signal: AbortSignal,
): Promise<Uint8Array | Failure> {
  try {
    return await within(waitMs, signal, "tcp.timeout", (own) => wire.readSome(most, own));
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return error;
  }
}

/** A line that has ended, or a message of octets that are no text. */
function isWhole(heard: Uint8Array): boolean {
  return heard.at(-1) === 0x0a || heard.some((octet) => octet < 0x09);
}

function endingOf(heard: Uint8Array, whyNot: Failure | undefined): FactsOf<typeof sheet>["ended"] {
  if (whyNot === undefined) return "full";
  if (whyNot.code === "tcp.closed") return "closed";
  if (whyNot.code !== "tcp.timeout") return "reset";
  if (heard.length === 0) return "silent";
  return isWhole(heard) ? "paused" : "cut";
}
