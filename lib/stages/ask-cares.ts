import { querySheet as sheet } from "../facts/query.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import { cares } from "../net/cares.ts";
import type { CaresType } from "../net/cares-records.ts";
import { classOf } from "../policy/classes.ts";
import type { Stage } from "../stage.ts";
import { parseTarget } from "../target.ts";
import type { Attempt } from "./carry.ts";

export { isCaresType, type CaresType } from "../net/cares-records.ts";

export interface CaresQuestion {
  readonly name: string;
  readonly type: CaresType;
  readonly unicode: string | undefined;
  readonly waitMs: number;
}

/**
 * Asks as programs do that resolve without the operating system. Its servers are its own finding, and are
 * judged like any other before it asks one.
 */
export const askCares: Stage<CaresQuestion, void, typeof sheet> = {
  ...sheet,
  silence: "dns.timeout",

  async run({ name, type, unicode, waitMs }, { signal, here, note }) {
    const mine: Attempt = { transport: "cares", ms: 0, outcome: "answered" };
    const resolver = cares(waitMs);
    note({
      question: { name, type, ...(unicode === undefined ? {} : { unicode }) },
      transport: "cares",
      servers: [...resolver.servers],
      attempts: [mine],
    });
    const start = performance.now();
    try {
      for (const server of resolver.servers) {
        const place = parseTarget(server, { schemes: { dns: 53 }, otherwise: "dns" });
        if ("wrong" in place) throw new Failure("dns.system_failed", `c-ares would ask ${server}`);
        const { host, port } = place;
        here.admit({ host, port, kind: "dns", addresses: [host] });
      }
      const found = await resolver.ask(name, type, signal);
      const addresses = type === "A" || type === "AAAA" ? found : [];
      note({
        rcode: "NOERROR",
        answers: found.map((one) => ({ name, type, ...one })),
        authority: [],
        additional: [],
        chain: [],
        addresses: addresses.map(({ data }) => ({ address: data, class: classOf(data) })),
      });
    } catch (error) {
      if (error instanceof Failure) mine.outcome = error.code;
      throw error;
    } finally {
      mine.ms = roundMs(performance.now() - start);
    }
  },
};
