/** What one answer says by itself. */
import type { Leaf } from "../../leaves.ts";
import { isPrivateLinkName } from "../../platform/private-link.ts";
import type { Rule } from "../rule.ts";
import { addressesOf, answered, isSample, typeOf } from "./views.ts";

const isPrivate = (one: { class: string }) => ["private", "unique-local"].includes(one.class);

/** Extended errors that speak of DNSSEC: RFC 8914 §4. */
const bogus = new Set([1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 25, 27]);

export const answerRules: readonly Rule[] = [
  {
    code: "dns.private_link_public",
    severity: "info",
    blame: "dns",
    confidence: "certain",
    title: "The private-link name ends at a public address",
    why:
      "The chain passes a privatelink name, so somebody has a private endpoint for this service, but " +
      "the resolver that answered here gives the public address.",
    rivals: [
      "the private endpoint belongs to somebody else, and public access is intended here",
      "the zone's link falls back to public DNS when the record is missing (NxDomainRedirect)",
    ],
    next: [
      "If private access is intended: is the private DNS zone linked to the VNet whose resolver answers?",
      "With a custom DNS server: does it forward the public suffix, not the privatelink one, to Azure DNS?",
      "To make this a failure: expect.answerClass=private, of a check expect.addressClass=private.",
    ],
    when(leaf) {
      const chain = leaf.facts.query?.chain ?? [];
      const found = addressesOf(leaf).filter((one) => one.class === "public");
      const by = chain.find(isPrivateLinkName);
      return by !== undefined && found.length > 0
        ? `${by} ends at ${found.map((one) => one.address).join(", ")}`
        : undefined;
    },
  },
  {
    code: "dns.mixed_answers",
    severity: "warn",
    blame: "dns",
    confidence: "certain",
    title: "Private and public addresses in one answer",
    why: "Connections go to either kind in turn, over different paths and under different rules.",
    rivals: [],
    next: ["Which of the addresses is meant? Remove the others from the zone that answers here."],
    when(leaf) {
      const addresses = addressesOf(leaf);
      const mixed = addresses.some(isPrivate) && addresses.some((one) => one.class === "public");
      return mixed ? addresses.map((one) => `${one.address} (${one.class})`).join(", ") : undefined;
    },
  },
  {
    code: "dns.ipv6_only",
    explains: ["dns.nodata"],
    severity: "warn",
    blame: "dns",
    confidence: "certain",
    title: "The name has IPv6 addresses only",
    why: "A client on a network without IPv6 cannot reach it, whatever else is right.",
    rivals: ["the A record is missing by mistake"],
    next: ["Does this app have a path for IPv6 at all? If not, the name needs an A record."],
    when: (leaf, all) => onlyOther(leaf, all, "A"),
  },
  {
    code: "dns.ipv4_only",
    explains: ["dns.nodata"],
    severity: "info",
    blame: "dns",
    confidence: "certain",
    title: "The name has IPv4 addresses only",
    why: "That is usual, and no trouble unless the client's network has IPv6 only.",
    rivals: [],
    next: [
      "Does the client's network have IPv6 only? It then needs NAT64, or the name an AAAA record.",
    ],
    when: (leaf, all) => onlyOther(leaf, all, "AAAA"),
  },
  {
    code: "dns.half_read",
    severity: "warn",
    blame: "dns",
    confidence: "certain",
    title: "Parts of the answer make no sense",
    why: "What could be read is shown; a stricter client may refuse the whole answer.",
    rivals: ["a middlebox cuts or rewrites DNS on the way"],
    next: ["Ask the same server over TCP, server=tcp://ADDRESS: is the answer whole there?"],
    when: ({ facts }) => facts.query?.defects?.join("; "),
  },
  {
    code: "dns.extended_error",
    severity: "info",
    blame: "dns",
    confidence: "certain",
    title: "The server says more about its answer",
    why: "An extended error (RFC 8914) comes from the server itself and names its own reason.",
    rivals: [],
    next: ["Look for this reason in the server's log at the time of the run."],
    when: ({ facts }) => edeText(facts.query?.edns?.ede),
  },
  {
    code: "dns.dnssec_bogus",
    severity: "fail",
    blame: "dns",
    confidence: "likely",
    title: "The server finds the signatures of this name wrong",
    why:
      "The server validates DNSSEC and did not accept what it got, so it gives no answer at all. A server " +
      "that does not validate would answer.",
    rivals: ["the server's own clock or trust anchor is wrong"],
    next: [
      "Ask for the same with cd=1 (checking disabled): is the answer there?",
      "Has the zone's signature expired, or its DS record changed without its key?",
    ],
    when(leaf) {
      const { query, control } = leaf.facts;
      if (query?.rcode !== "SERVFAIL") return undefined;
      const said = (query.edns?.ede ?? []).filter(({ code }) => bogus.has(code));
      if (said.length > 0) return edeText(said);
      const unchecked = control?.controls?.find(({ purpose }) => purpose === "the same unchecked");
      return unchecked?.outcome === "NOERROR"
        ? "SERVFAIL, and NOERROR for the same question with checking disabled"
        : undefined;
    },
  },
  {
    code: "dns.changed",
    severity: "info",
    blame: "dns",
    confidence: "certain",
    title: "The answer changed while it was watched",
    why: "The records are not the same as before: a change took effect, or the name is balanced by DNS.",
    rivals: ["several servers stand behind this address, and not all of them are up to date"],
    next: ["Do all the addresses that were seen lead to hosts that work? Check each of them."],
    when: (leaf) => {
      const { changed = [] } = leaf.facts.query ?? {};
      return isSample(leaf) && changed.length > 0 ? changed.join("; ") : undefined;
    },
  },
];

function edeText(errors: readonly { code: number; name: string; text: string }[] = []) {
  const told = errors.map(({ code, name, text }) => `${code} ${name} ${text}`.trim());
  return told.length === 0 ? undefined : told.join("; ");
}

/** The name has no address of the type that was asked for, and has one of the other. */
function onlyOther(leaf: Leaf, all: readonly Leaf[], type: "A" | "AAAA"): string | undefined {
  if (typeOf(leaf) !== type || leaf.stopped?.code !== "dns.nodata") return undefined;
  const other = type === "A" ? "AAAA" : "A";
  // The system resolver tells of both families at once; a server has to be asked for the other.
  const told = leaf.stopped.detail?.["otherFamily"] ?? 0;
  if (told !== 0) return `there are ${told} of type ${other}`;
  const server = leaf.facts.query?.server;
  const found = all
    .filter((one) => typeOf(one) === other && one.facts.query?.server === server && answered(one))
    .flatMap(addressesOf)
    .map(({ address }) => address);
  return found.length === 0 ? undefined : `of type ${other} there is ${found.join(", ")}`;
}
