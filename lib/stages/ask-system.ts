import { querySheet as sheet } from "../facts/query.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import type { Environment } from "../here.ts";
import { lookup } from "../net/lookup.ts";
import { relaysOf } from "../platform/detect.ts";
import { classOf } from "../policy/classes.ts";
import type { Stage } from "../stage.ts";
import type { Attempt } from "./carry.ts";

export interface SystemQuestion {
  /** As the caller wrote it: without a final dot the search list applies. */
  readonly name: string;
  readonly type: string;
  readonly unicode: string | undefined;
  /** The names that the search list makes of it, in turn. */
  readonly names: readonly string[];
}

/**
 * Asks as the application would: getaddrinfo, with the hosts file, the search list and the platform's
 * hooks. It shows addresses and nothing else, so sections stay empty and only A and AAAA can be asked.
 */
export const askSystem: Stage<SystemQuestion, void, typeof sheet> = {
  ...sheet,
  silence: "dns.timeout",

  async run({ name, type, unicode, names }, { signal, here, note }) {
    const mine: Attempt = { transport: "system", ms: 0, outcome: "answered" };
    note({
      question: { name, type, ...(unicode === undefined ? {} : { unicode }) },
      transport: "system",
      ...(names.length < 2 ? {} : { search: [...names] }),
      ...(isRelay(name, here.environment) ? { relay: true } : {}),
      attempts: [mine],
    });
    const start = performance.now();
    try {
      const found = await lookup(name, signal);
      const family = type === "A" ? 4 : 6;
      const addresses = found
        .filter((one) => one.family === family)
        .map(({ address }) => ({ address, class: classOf(address) }));
      note({ rcode: "NOERROR", answers: [], authority: [], additional: [], chain: [], addresses });
      if (addresses.length === 0) throw noneOf(type, found.length);
    } catch (error) {
      if (error instanceof Failure) mine.outcome = error.code;
      throw error;
    } finally {
      mine.ms = roundMs(performance.now() - start);
    }
  },
};

function isRelay(name: string, environment: Environment): boolean {
  const plain = name.replace(/\.$/, "").toLowerCase();
  return relaysOf(environment).some(({ host }) => host === plain);
}

function noneOf(type: string, others: number): Failure {
  const other = type === "A" ? "AAAA" : "A";
  return new Failure(
    "dns.nodata",
    others > 0
      ? `the name has no ${type} address, but ${others} of type ${other}`
      : `the name has no ${type} address`,
    { otherFamily: others },
  );
}
