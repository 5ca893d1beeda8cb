/** What a DNS answer means for the question that was asked: the no in it, if there is one. */
import { Failure, type Code } from "../failure.ts";
import { followChain } from "../protocols/dns/chain.ts";
import type { Message } from "../protocols/dns/message.ts";

const codeOf: Readonly<Record<string, Code>> = {
  SERVFAIL: "dns.servfail",
  REFUSED: "dns.refused",
  NXDOMAIN: "dns.nxdomain",
};

/** `undefined` when the answer answers. Never derived from the rcode alone: RFC 2308 §2. */
export function answerFailure(
  message: Message,
  { name, type }: { readonly name: string; readonly type: string },
): Failure | undefined {
  const { rcode, answers } = message;
  const { chain, end, loop } = followChain(name, type, answers);
  if (loop) return new Failure("dns.cname_loop", `the chain comes back to ${end}`);
  if (rcode !== "NOERROR") return errorFailure(rcode, chain.length > 0 ? end : undefined);
  if (message.flags.tc || type === "ANY" || answers.some((one) => one.type === type)) {
    return undefined;
  }
  if (chain.length > 0) {
    return new Failure("dns.nodata", `the alias ends at ${end}, which has no ${type} record here`);
  }
  return isReferral(message)
    ? new Failure("dns.lame", "the answer is a referral: it names other servers and no data")
    : new Failure("dns.nodata", `the name has no ${type} record`);
}

/** `alias` is the end of the chain, where there is one: NXDOMAIN speaks of that (RFC 6604 §2). */
function errorFailure(rcode: string, alias: string | undefined): Failure {
  return rcode === "NXDOMAIN" && alias !== undefined
    ? new Failure("dns.cname_dangling", `the alias ends at ${alias}, which does not exist`)
    : new Failure(codeOf[rcode] ?? "dns.rcode", `the answer is ${rcode}`, { rcode });
}

/** RFC 2308 §2.2: without data, without SOA and not authoritative, with the servers to ask instead. */
function isReferral({ flags, answers, authority }: Message): boolean {
  const has = (type: string) => authority.some((one) => one.type === type);
  return !flags.aa && answers.length === 0 && has("NS") && !has("SOA");
}
