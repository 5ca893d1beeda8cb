/**
 * c-ares, the resolver that `dns.resolve` of Node and the programs built on it use. It reads its servers
 * by itself, from resolv.conf or from the Windows registry, and knows no hosts file of getaddrinfo's kind.
 */
import { Resolver } from "node:dns/promises";
import { Failure, type Code } from "../failure.ts";
import { askFor, type CaresType, type Found } from "./cares-records.ts";
import { errorCode } from "./classify.ts";

export interface Cares {
  /** Whom it would ask: `address` or `address:port`, IPv6 in brackets where a port follows. */
  readonly servers: readonly string[];
  /** Rejects with `dns.*` failures or the reason of `signal`. To be called when the servers were judged. */
  ask(name: string, type: CaresType, signal: AbortSignal): Promise<readonly Found[]>;
}

/** One question at a time; `waitMs` is for one server and one try. */
export function cares(waitMs: number): Cares {
  const resolver = new Resolver({ timeout: waitMs, tries: 1 });
  const cancel = () => resolver.cancel();
  return {
    servers: resolver.getServers(),
    async ask(name, type, signal) {
      signal.addEventListener("abort", cancel);
      try {
        signal.throwIfAborted();
        return await askFor(resolver, name, type);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw failureOf(error);
      } finally {
        signal.removeEventListener("abort", cancel);
      }
    },
  };
}

/** c-ares' own words: ares_strerror(3). */
const meanings: Readonly<Record<string, [Code, string]>> = {
  ENOTFOUND: ["dns.nxdomain", "c-ares found no such name"],
  ENODATA: ["dns.nodata", "c-ares found the name, but no such record"],
  ESERVFAIL: ["dns.servfail", "c-ares was answered SERVFAIL"],
  EREFUSED: ["dns.refused", "c-ares was answered REFUSED"],
  ETIMEOUT: ["dns.timeout", "c-ares got no answer in time"],
  ECONNREFUSED: ["dns.unreachable", "c-ares reached none of its servers"],
  EBADRESP: ["dns.malformed", "c-ares cannot read the answer"],
  ENOTIMP: ["dns.rcode", "c-ares was answered NOTIMP"],
  EFORMERR: ["dns.rcode", "c-ares was answered FORMERR"],
};

function failureOf(error: unknown): Failure {
  const code = errorCode(error);
  const known = meanings[code];
  if (known !== undefined) return new Failure(...known, { cares: code });
  if (code === "") throw error;
  return new Failure("dns.system_failed", `c-ares says ${code}`, { cares: code });
}
