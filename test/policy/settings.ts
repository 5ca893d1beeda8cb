/** Policies and questions for tests: ordinary ones, with what a test is about laid over them. */
import { expect } from "vitest";
import { Failure } from "../../lib/failure.ts";
import { parseAddress, type Address } from "../../lib/policy/address.ts";
import type { PolicySettings, Policy, Question } from "../../lib/policy/policy.ts";

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
