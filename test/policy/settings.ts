/** Policies and questions for tests: ordinary ones, with what a test is about laid over them. */
import { expect, test } from "vitest";
import { Failure } from "../../lib/failure.ts";
import { parseAddress, type Address } from "../../lib/policy/address.ts";
import {
  makePolicy,
  type Policy,
  type PolicySettings,
  type Question,
} from "../../lib/policy/policy.ts";

export function settings(over: Partial<PolicySettings> = {}): PolicySettings {
  return {
    auth: "key",
    local: false,
    ownAddresses: () => [],
    resolvers: [],
    azure: false,
    relays: [],
    ...over,
  };
}

/** A TCP connection to port 443 of a literal, or of a name with these addresses. */
export function ask(host: string, over: Partial<Question> = {}): Question {
  return { kind: "tcp", host, port: 443, addresses: [host], ...over };
}

/** What the policy says: `allowed`, or the code of its refusal. */
export function verdict(policy: Policy, question: Question): string {
  return refusal(policy, question)?.code ?? "allowed";
}

export function refusal(policy: Policy, question: Question): Failure | undefined {
  try {
    policy.admit(question);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return error instanceof Failure ? error : undefined;
  }
}

export function at(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new TypeError(`${text} is no address`);
  return address;
}

/** What a name answers. */
export function answers(...addresses: string[]): Pick<Question, "addresses"> {
  return { addresses };
}

/** A policy, a question, and what comes of it. */
export type Row = readonly [
  about: string,
  over: Partial<PolicySettings>,
  host: string,
  question: Partial<Question>,
  expected: string,
];

/** One test for each row. */
export function rows(all: readonly Row[]) {
  test.each(all)("%s", (_about, over, host, question, expected) => {
    expect(verdict(makePolicy(settings(over)), ask(host, question))).toBe(expected);
  });
}
