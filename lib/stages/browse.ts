import { browseSheet as sheet } from "../facts/browse.ts";
import { Failure } from "../failure.ts";
import { exchange } from "../net/datagram.ts";
import type { Peer } from "../policy/peer.ts";
import { printable } from "../protocols/speaks.ts";
import { decodeAnswer, encodeAsk, whyNotAnAnswer } from "../protocols/tds/browser.ts";
import type { Stage } from "../stage.ts";

export interface BrowserQuestion {
  readonly peer: Peer;
  readonly instance: string;
}

/** Datagrams get lost: the question is repeated. */
const WAIT_MS = 1000;
const TIMES = 3;

/** Asks SQL Server Browser for the TCP port of an instance. */
export const browse: Stage<BrowserQuestion, number, typeof sheet> = {
  ...sheet,
  silence: "sql.browser_timeout",

  async run({ peer, instance }, { signal, note }) {
    const payload = encodeAsk(instance);
    for (let sent = 1; sent <= TIMES; sent += 1) {
      note({ asked: instance, sent });
      const asked = { payload, screen: whyNotAnAnswer, waitMs: WAIT_MS, signal };
      const { bytes } = await exchange(peer, asked);
      if (bytes === undefined) continue;
      const wanted = instance.toLowerCase();
      const found = decodeAnswer(bytes).find((one) => one.instance.toLowerCase() === wanted);
      if (found !== undefined) {
        note({ server: clean(found.server), version: clean(found.version) });
      }
      if (found?.port === undefined) {
        throw new Failure("sql.no_instance", `no TCP port is named for ${instance}`);
      }
      note({ port: found.port });
      return found.port;
    }
    throw new Failure("sql.browser_timeout", `no answer to ${TIMES} questions`);
  },
};

function clean(text: string): string {
  return printable(Buffer.from(text, "latin1"), 100);
}
