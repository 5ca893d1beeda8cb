/**
 * The few addresses of the floor that may be probed after all, each for one purpose. They are compiled in:
 * no setting adds one. A denial still wins over any of them.
 */
import { formatAddress, type Address } from "./address.ts";
import { place, same, type Compiled } from "./compile.ts";
import { isAbout, isUnder } from "./match.ts";
import type { Question } from "./policy.ts";
import { contains, prefix } from "./prefix.ts";

export interface Exception {
  readonly name: "resolver" | "environment" | "relay" | "identity" | "loopback";
  /** To complete "allowed as …". */
  readonly why: string;
  /** Counts as private: what the rules say of `@private` and of names goes for it. */
  readonly isPrivate: boolean;
  /** `address` is one answer to the question; `isLoopbackOnly` when all answers are loopback. */
  lifts(question: Question, address: Address, here: Compiled, isLoopbackOnly: boolean): boolean;
}

/** Where the names of a Container Apps environment answer, inside 100.64.0.0/10. */
const environmentNetwork = prefix("100.100.0.0/16");

const exceptions: readonly Exception[] = [
  {
    name: "resolver",
    why: "a configured name server",
    isPrivate: false,
    lifts: ({ kind, port }, address, { resolvers }) =>
      kind === "dns" && resolvers.some((each) => each.port === port && same(each.address, address)),
  },
  {
    name: "environment",
    why: "a name of this Container Apps environment",
    isPrivate: true,
    lifts: ({ host }, address, { environmentSuffix, floor }) =>
      environmentSuffix !== undefined &&
      host.endsWith(environmentSuffix) &&
      contains(environmentNetwork, address) &&
      !isUnder(floor, address),
  },
  {
    name: "relay",
    why: "a Hybrid Connection of this app",
    isPrivate: true,
    lifts: (question, address, { relays }) => isLoopback(address) && relays.has(place(question)),
  },
  {
    name: "identity",
    why: "the identity endpoint of this app",
    isPrivate: true,
    lifts: ({ suite, host, port }, address, { settings }) =>
      suite === "identity" &&
      isIdentity({ host, port }, settings.identity) &&
      (isLoopback(address) ||
        isIdentity({ host: formatAddress(address), port }, settings.identity)),
  },
  {
    name: "loopback",
    why: "loopback of the local host",
    isPrivate: false,
    lifts: ({ kind, port }, address, { rules }, isLoopbackOnly) =>
      isLoopbackOnly &&
      isLoopback(address) &&
      rules.some(
        (rule) =>
          !rule.deny &&
          rule.target.is === "class" &&
          rule.target.name === "loopback" &&
          isAbout(rule, kind, port),
      ),
  },
];

export function exceptionFor(
  question: Question,
  address: Address,
  here: Compiled,
  isLoopbackOnly: boolean,
): Exception | undefined {
  return exceptions.find((each) => each.lifts(question, address, here, isLoopbackOnly));
}

const loopback = [prefix("127.0.0.0/8"), prefix("::1/128")];

export function isLoopback(address: Address): boolean {
  return loopback.some((block) => contains(block, address));
}

/** Asked for as it is configured: the same host and the same port. */
export function isIdentity(
  question: Pick<Question, "host" | "port">,
  identity: Compiled["settings"]["identity"],
): boolean {
  return identity !== undefined && place(identity) === place(question);
}
