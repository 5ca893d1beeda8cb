/** The judgement of one address: what it is, whether it may be probed, and why, as a sentence. */
import type { Code } from "../failure.ts";
import { formatAddress, parseAddress, type Address } from "./address.ts";
import { classify, classOf, type Classified } from "./classes.ts";
import { addresses, plainHost, same, type Compiled } from "./compile.ts";
import { exceptionFor, isIdentity, isLoopback, type Exception } from "./exceptions.ts";
import { allows, denies, isAbout, type Subject } from "./match.ts";
import type { Question } from "./policy.ts";
import { printRule, type Problem } from "./rules.ts";

export interface Judgement {
  /** Canonical literal; as it came when it cannot be read. */
  readonly address: string;
  readonly family: 4 | 6;
  /** What the address is, as users are shown it. */
  readonly class: string;
  readonly allowed: boolean;
  /** Why it is refused. */
  readonly code?: Code;
  /** The rule that decided, in canonical form. */
  readonly rule?: string;
  /** The exception that opened it. */
  readonly exception?: Exception["name"];
  /** Why, in one sentence without a full stop. */
  readonly reason: string;
}

/** Judges every distinct address of a question, in order. */
export function judgeAll(question: Question, here: Compiled): readonly Judgement[] {
  const distinct = new Set(question.addresses.map(canonical));
  const asked = { ...question, host: plainHost(question.host) };
  const own = ownOf(here.settings.ownAddresses());
  const isLoopbackOnly = addresses([...distinct]).filter(isLoopback).length === distinct.size;
  return [...distinct].map((text) => {
    const address = parseAddress(text);
    if (here.problem === undefined && address !== undefined) {
      return judgeOne({ question: asked, address, here, own, isLoopbackOnly });
    }
    const no = here.problem === undefined ? unreadable(text) : invalid(here.problem);
    const family = text.includes(":") ? 6 : 4;
    return { address: text, family, class: classOf(text), allowed: false, ...no };
  });
}

/** By the list they came in: it stays the same one until the interfaces are looked at again. */
const ownAddresses = new WeakMap<readonly string[], readonly Address[]>();

function ownOf(texts: readonly string[]): readonly Address[] {
  let own = ownAddresses.get(texts);
  if (own === undefined) {
    // Loopback is left to the floor and to `@loopback`: every machine has it.
    own = addresses(texts).filter((each) => !isLoopback(each));
    ownAddresses.set(texts, own);
  }
  return own;
}

function canonical(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}

interface Case {
  readonly question: Question;
  readonly address: Address;
  readonly here: Compiled;
  readonly own: readonly Address[];
  readonly isLoopbackOnly: boolean;
}

/** Why an address is refused. */
interface No {
  readonly code: Code;
  readonly reason: string;
  readonly rule?: string;
}

/** Why an address is allowed. */
type Yes = Pick<Judgement, "reason" | "rule">;

function judgeOne(asked: Case): Judgement {
  const { question, address, here, isLoopbackOnly } = asked;
  const found = whatIs(address, here);
  const exception = exceptionFor(question, address, here, isLoopbackOnly);
  const common = {
    address: formatAddress(address),
    family: address.family,
    class: found.class,
    ...(exception === undefined ? {} : { exception: exception.name }),
  };
  const verdict = onTheFloor(asked, found, exception) ?? byRules(asked, found, exception);
  return { ...common, allowed: !("code" in verdict), ...verdict };
}

/** A default gateway is a device of the network, though its address is an ordinary one. */
function whatIs(address: Address, { floor, gateways }: Compiled): Classified {
  const found = classify(address, floor);
  if (found.tier === "floor" || !reaches(address, found, gateways)) return found;
  return { ...found, class: "gateway", tier: "reserved", why: "the default gateway" };
}

/** Whether a packet to the address ends at one of these, also by way of a translator. */
function reaches(address: Address, { embedded }: Classified, these: readonly Address[]): boolean {
  return these.some((each) => same(each, address) || same(each, embedded ?? address));
}

function onTheFloor(asked: Case, found: Classified, exception?: Exception): No | undefined {
  const text = formatAddress(asked.address);
  const never = (what: string) => `${text}${what}: never probed, by design`;
  if (exception === undefined && found.tier === "floor") {
    const carried = found.embedded === undefined ? "" : `, here ${formatAddress(found.embedded)}`;
    return { code: "policy.floor", reason: never(` is ${found.class} (${found.why}${carried})`) };
  }
  // A name server on this very machine is still the name server.
  if (exception?.name !== "resolver" && reaches(asked.address, found, asked.own)) {
    return { code: "policy.own_address", reason: never(" is an address of this instance") };
  }
  const { port, suite } = asked.question;
  const isEndpoint = isIdentity({ host: text, port }, asked.here.settings.identity);
  if (suite === "identity" || !isEndpoint) return undefined;
  return { code: "policy.floor", reason: never(`:${port} is the identity endpoint of this app`) };
}

function byRules(asked: Case, found: Classified, exception?: Exception): No | Yes {
  const { settings, isClosed } = asked.here;
  const { kind, port } = asked.question;
  const rules = asked.here.rules.filter((rule) => isAbout(rule, kind, port));
  const subject = subjectOf(asked, found, exception);
  const what = `${formatAddress(asked.address)} (${found.class})`;
  const denial = rules.find((rule) => rule.deny && denies(rule.target, subject));
  if (denial !== undefined) {
    const rule = printRule(denial);
    return { code: "policy.denied", reason: `${what} is denied by the rule ${rule}`, rule };
  }
  const isAnonymous = settings.auth === "anonymous";
  // Every lookup of a name asks these servers anyway.
  if (exception?.name === "resolver" && !isAnonymous) {
    return { reason: `${what} is allowed as ${exception.why}` };
  }
  const allowance = rules.find((rule) => !rule.deny && allows(rule.target, subject, isAnonymous));
  if (allowance !== undefined) {
    const rule = printRule(allowance);
    return { reason: `${what} is allowed by the rule ${rule}`, rule };
  }
  return isClosed ? closed(what) : unspoken(what, found);
}

function subjectOf(
  { question, address, here }: Case,
  found: Classified,
  lifted?: Exception,
): Subject {
  const literal = parseAddress(question.host) !== undefined;
  return {
    name: literal ? undefined : question.host,
    address,
    inner: found.embedded ?? address,
    tier: lifted?.isPrivate ? "private" : found.tier,
    // A gateway keeps the class of its network, so that denying the network denies it.
    plainTier: classify(address, here.floor).tier,
    isLoopback: isLoopback(address),
  };
}

function closed(what: string): No {
  const reason = `${what}: callers are anonymous, so only targets that SONDE_TARGETS spells out are probed`;
  return { code: "policy.requires_auth", reason };
}

function unspoken(what: string, { tier }: Classified): No {
  const cure = tier === "reserved" ? ": it takes one that names its block" : "";
  return { code: "policy.not_allowed", reason: `${what} is allowed by no rule${cure}` };
}

/** What cannot be read is refused as the floor is: by the safe assumption. */
function unreadable(text: string): No {
  const what = text.includes("%")
    ? "carries a zone id, which means something on one machine only"
    : "is no address";
  return { code: "policy.floor", reason: `${text} ${what}: never probed, by design` };
}

export function invalid({ rule, column, message }: Problem): No {
  const where = `rule ${rule}, column ${column}`;
  return { code: "policy.invalid", reason: `SONDE_TARGETS cannot be read at ${where}: ${message}` };
}
