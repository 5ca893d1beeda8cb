import { querySheet as sheet } from "../facts/query.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import { lookup } from "../net/lookup.ts";
import { classOf } from "../policy/classes.ts";
import type { Stage } from "../stage.ts";
import type { Question } from "./dialogue.ts";

/**
 * Asks as the application would: getaddrinfo, with the hosts file, the search list and the platform's
 * hooks. It shows addresses and nothing else, so sections stay empty and only A and AAAA can be asked.
 */
export const askSystem: Stage<Pick<Question, "name" | "type">, void, typeof sheet> = {
  ...sheet,
  silence: "dns.timeout",

  async run({ name, type }, { signal, note }) {
    note({ question: { name, type }, transport: "system" });
    const start = performance.now();
    const found = await lookup(name, signal);
    const family = type === "A" ? 4 : 6;
    const addresses = found
      .filter((one) => one.family === family)
      .map(({ address }) => ({ address, class: classOf(address) }));
    const ms = roundMs(performance.now() - start);
    note({
      rcode: "NOERROR",
      answers: [],
      authority: [],
      additional: [],
      chain: [],
      addresses,
      attempts: [{ transport: "system", ms, outcome: "answered" }],
    });
    if (addresses.length === 0) throw new Failure("dns.nodata", `the name has no ${type} address`);
  },
};
