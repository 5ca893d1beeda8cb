/** Whether a rule speaks of an address, and whether it may: what a denial covers, an allowance may not. */
import type { Address } from "./address.ts";
import { holds, type Block, type Tier } from "./classes.ts";
import { bitsOf, contains, type Prefix } from "./prefix.ts";
import type { ClassName, Kind, Rule, RuleTarget } from "./rules.ts";

/** One address of one question, as the rules see it. */
export interface Subject {
  /** The name asked for; nothing when a literal was. */
  readonly name: string | undefined;
  readonly address: Address;
  /** The IPv4 address that is reached in the end when the address carries one, else the address. */
  readonly inner: Address;
  /** How far the address may be opened, after an exception. */
  readonly tier: Tier;
  /** How far before any exception, and as if no gateway were known. */
  readonly plainTier: Tier;
  readonly isLoopback: boolean;
}

export function isUnder(floor: readonly Block[], address: Address): boolean {
  return floor.some((block) => holds(block, address));
}

/** Whether the rule is about this kind of probe and this port. */
export function isAbout({ kinds, ports }: Rule, kind: Kind, port: number): boolean {
  return (
    (kinds.length === 0 || kinds.includes(kind)) &&
    (ports.length === 0 || ports.some(({ from, to }) => from <= port && port <= to))
  );
}

/** Denials are read widely: by the address as it is written and by the one that is reached. */
export function denies(target: RuleTarget, subject: Subject): boolean {
  switch (target.is) {
    case "any":
      return true;
    case "class":
      return [subject.tier, subject.plainTier].some((tier) => isOf(target.name, tier, subject));
    case "block":
      return contains(target.prefix, subject.address) || contains(target.prefix, subject.inner);
    case "host":
    case "below":
      return isNamed(target, subject.name);
  }
}

/**
 * Allowances are read narrowly. A name, a class or `*` opens private and public addresses only; anything
 * else takes a rule that names the block. For the anonymous `*` does not mean private networks.
 */
export function allows(target: RuleTarget, subject: Subject, isAnonymous: boolean): boolean {
  switch (target.is) {
    case "any":
      return isOrdinary(subject) && !(isAnonymous && subject.tier === "private");
    case "class":
      return isOf(target.name, subject.tier, subject);
    case "block":
      return contains(target.prefix, subject.inner) && isNarrow(target.prefix, subject.tier);
    case "host":
    case "below":
      return isOrdinary(subject) && isNamed(target, subject.name);
  }
}

function isOrdinary({ tier }: Subject): boolean {
  return tier === "public" || tier === "private";
}

function isOf(name: ClassName, tier: Tier, { isLoopback }: Subject): boolean {
  return name === "loopback" ? isLoopback : name === tier;
}

/** A block so wide that nobody had the reserved ones in mind does not open them. */
function isNarrow({ family, length }: Prefix, tier: Tier): boolean {
  return tier !== "reserved" || length >= bitsOf(family) / (family === 4 ? 4 : 8);
}

function isNamed(target: { readonly is: "host" | "below"; readonly name: string }, name = "") {
  return target.is === "host" ? name === target.name : name.endsWith(`.${target.name}`);
}
