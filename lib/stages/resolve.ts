import { resolveSheet as sheet } from "../facts/resolve.ts";
import { Failure } from "../failure.ts";
import { lookup } from "../net/lookup.ts";
import { classOf } from "../policy/classes.ts";
import type { Peer } from "../policy/peer.ts";
import type { Question } from "../policy/policy.ts";
import type { Kind } from "../policy/rules.ts";
import type { Stage } from "../stage.ts";
import type { Target } from "../target.ts";

export interface Wanted {
  readonly target: Pick<Target, "host" | "isAddress" | "absolute" | "port">;
  readonly kind: Kind;
  /** How it came to this target: the caller named it, or somebody on the way did. */
  readonly hop?: NonNullable<Question["hop"]>;
  /** Set by the probe of the identity endpoint alone. */
  readonly suite?: NonNullable<Question["suite"]>;
  /** How many connections each address will get; one when absent. */
  readonly connections?: number;
}

/**
 * Finds the addresses as the application would, by getaddrinfo, and has every one of them judged: what
 * comes back are peers, the only thing that can be dialled.
 */
export const resolve: Stage<Wanted, readonly Peer[], typeof sheet> = {
  ...sheet,
  silence: "dns.timeout",

  async run({ target, kind, hop = "first", suite, connections }, { signal, here, note }) {
    note({ host: target.host, chain: [], resolver: target.isAddress ? "literal" : "system" });
    const found = target.isAddress
      ? [target.host]
      : await ask(target.absolute ? `${target.host}.` : target.host, signal);
    const addresses = [...new Set(found)];
    note({
      addresses: addresses.map((address) => ({
        address,
        family: address.includes(":") ? 6 : 4,
        class: classOf(address),
      })),
    });
    const { host, port } = target;
    const asked = suite === undefined ? { kind, host, port } : { kind, host, port, suite };
    return here.admit({ ...asked, addresses, hop }, connections);
  },
};

async function ask(name: string, signal: AbortSignal): Promise<string[]> {
  const answers = await lookup(name, signal);
  if (answers.length === 0) throw new Failure("dns.nodata", "the name has no addresses");
  return answers.map((answer) => answer.address);
}
