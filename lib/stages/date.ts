import { dateSheet as sheet } from "../facts/date.ts";
import { Failure } from "../failure.ts";
import { secure } from "../net/secure.ts";
import { wallClock } from "../net/wallclock.ts";
import type { SocketWire } from "../net/wire.ts";
import { writeHead } from "../protocols/http/head.ts";
import type { At, Stage } from "../stage.ts";
import { placeOf, type Target } from "../target.ts";
import { exchangeHead } from "./head.ts";
import { urlOf } from "./request.ts";
import { visit } from "./visit.ts";

/** A `Date` stands for any moment of its second: its middle is the best guess (RFC 9110 §6.6.1, §5.6.7). */
const HALF_SECOND_MS = 500;

type Place = Pick<At<typeof sheet>, "signal" | "here">;

/**
 * Asks a web server for nothing but its head, and reads the time in it. Looked at in passing: that it cannot
 * be reached is a fact here. Its certificate is not insisted on, because it may look bad to a clock that is wrong.
 */
export const date: Stage<Target, void, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run(web, { signal, here, note }) {
    note({ web: `${web.scheme}://${placeOf(web)}` });
    try {
      using wire = await visit({ target: web, kind: "http" }, { signal, here });
      if (web.scheme === "http") return note(await dateOver(wire, web, { signal, here }));
      const names = { name: web.host, isAddress: web.isAddress, alpn: ["http/1.1"] };
      const { wire: over, verifier, nameMatches } = await secure(wire, { ...names, signal });
      using secured = over;
      note({ verified: verifier === undefined && nameMatches });
      note(await dateOver(secured, web, { signal, here }));
    } catch (error) {
      if (!(error instanceof Failure) || signal.aborted) throw error;
      note({ whyNot: error.message });
    }
  },
};

async function dateOver(wire: SocketWire, web: Target, { signal, here }: Place) {
  const wall = wallClock();
  const start = performance.now();
  const head = writeHead("HEAD /", {
    host: urlOf(web).host,
    "user-agent": `Sonde/${here.vantage.version}`,
    "cdn-loop": here.loopToken,
    connection: "close",
  });
  const { headers } = await exchangeHead(wire, head, signal);
  const end = performance.now();
  const said = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(said)) throw new Failure("http.malformed", "the answer has no Date to read");
  // An answer out of a cache keeps the Date it was made with, and says how long ago that was (RFC 9111 §5.1).
  const age = /^\d{1,9}$/.exec(headers.get("age") ?? "")?.[0] ?? "0";
  const theirs = said + Number(age) * 1000 + HALF_SECOND_MS;
  return {
    said: new Date(said).toISOString(),
    offsetMs: Math.round(theirs - wall.at((start + end) / 2)),
    errorMs: Math.round(HALF_SECOND_MS + (end - start) / 2 + wall.errorMs),
  };
}
