import { httpDateSheet as sheet } from "../facts/http-date.ts";
import { Failure } from "../failure.ts";
import { secure } from "../net/secure.ts";
import type { SocketWire } from "../net/wire.ts";
import { placeOf } from "../protocols/authority.ts";
import { writeHead } from "../protocols/http/head.ts";
import type { At, Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { agentOf } from "./agent.ts";
import { exchangeHead } from "./head.ts";
import { visit } from "./visit.ts";

type Common = Pick<At<typeof sheet>, "signal" | "here">;

/**
 * The time by the `Date` of an HTTP answer (RFC 9110 §6.6.1): good to a second, and got where UDP is shut. It is
 * looked at in passing, so what goes wrong with it is a fact and never the verdict on the time server.
 */
export const httpDate: Stage<Target, void, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run(target, { signal, here, note }) {
    note({ server: `${target.scheme}://${placeOf(target)}` });
    try {
      using wire = await visit({ target, kind: "http" }, { signal, here });
      const over = target.scheme === "https" ? await secured(wire, target, signal) : wire;
      note(await ask(over, target, { signal, here }));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      note({ problem: error.code });
    }
  },
};

/** Whoever answers is believed no more than the second opinion that it is: the certificate is not judged. */
async function secured(wire: SocketWire, { host, isAddress }: Target, signal: AbortSignal) {
  return (await secure(wire, { name: host, isAddress, alpn: ["http/1.1"], signal })).wire;
}

async function ask(wire: SocketWire, target: Target, { signal, here }: Common) {
  const head = writeHead("HEAD /", {
    host: placeOf(target),
    "user-agent": agentOf(here),
    "cdn-loop": here.loopToken,
    connection: "close",
  });
  const sentMs = Date.now();
  const { headers } = await exchangeHead(wire, head, signal);
  const heardMs = Date.now();
  const dateMs = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(dateMs)) throw new Failure("http.malformed", "the answer has no Date");
  return {
    date: new Date(dateMs).toISOString(),
    // A date that is cut to its second stands for the middle of it.
    offsetMs: Math.round(dateMs + 500 - (sentMs + heardMs) / 2),
    errorMs: Math.round(500 + (heardMs - sentMs) / 2),
    cached: headers.has("age"),
  };
}
