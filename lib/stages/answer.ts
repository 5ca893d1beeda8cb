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
  if (rcode === "NXDOMAIN" && chain.length > 0) {
    return new Failure("dns.cname_dangling", `the alias ends at ${end}, which does not exist`);
  }
  if (rcode !== "NOERROR") {
    return new Failure(codeOf[rcode] ?? "dns.rcode", `the answer is ${rcode}`, { rcode });
  }
  if (message.flags.tc || type === "ANY" || answers.some((one) => one.type === type)) {
    return undefined;
  }
  return new Failure(
    "dns.nodata",
    chain.length > 0
      ? `the alias ends at ${end}, which has no ${type} record here`
      : `the name has no ${type} record`,
  );
}
