/** What a DNS answer means for the question that was asked: the no in it, if there is one. */
import { Failure, type Code } from "../failure.ts";
import { followChain } from "../protocols/dns/chain.ts";
import type { Message } from "../protocols/dns/message.ts";

const codeOf: Readonly<Record<string, Code>> = {
  SERVFAIL: "dns.servfail",
  REFUSED: "dns.refused",
  NXDOMAIN: "dns.nxdomain",
};

/** What is asked for by these may belong to another name: to any, or to one above (RFC 6672 §2.2). */
const unowned = new Set(["ANY", "DNAME"]);

/** `undefined` when the answer answers. Never derived from the rcode alone: RFC 2308 §2. */
export function answerFailure(
  message: Message,
  { name, type }: { readonly name: string; readonly type: string },
): Failure | undefined {
  const { rcode, answers } = message;
  const { chain, end, loop } = followChain(name, type, answers);
  if (loop) return new Failure("dns.cname_loop", `the chain comes back to ${end}`);
  if (rcode !== "NOERROR") return errorFailure(rcode, chain.length > 0 ? end : undefined);
  const found = answers.filter((one) => one.type === type);
  const passed = [...chain.map((link) => link.name), end].map((one) => one.toLowerCase());
  const isOurs = (one: { readonly name: string }) => passed.includes(one.name.toLowerCase());
  if (message.flags.tc || unowned.has(type) || found.some(isOurs)) return undefined;
  const senseless = senselessIn(message, type, end);
  if (senseless !== undefined) return new Failure("dns.malformed", senseless);
  if (chain.length > 0) {
    return new Failure("dns.nodata", `the alias ends at ${end}, which has no ${type} record here`);
  }
  return isReferral(message)
    ? new Failure("dns.lame", "the answer is a referral: it names other servers and no data")
    : new Failure("dns.nodata", `the name has no ${type} record`);
}

/** Why an answer without the record that was asked for says nothing about whether there is one. */
function senselessIn({ answers, defects }: Message, type: string, end: string): string | undefined {
  const other = answers.find((one) => one.type === type);
  if (other !== undefined) return `the ${type} record is one of ${other.name}, not of ${end}`;
  const unread = defects.find((one) => one.startsWith("answers"));
  return unread === undefined ? undefined : `no ${type} record could be read: ${unread}`;
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
