/**
 * A judged address: the only thing that can be dialled.
 *
 * Only the policy makes peers. The private field makes the class nominal, so an object that merely looks
 * like one does not compile, and lint keeps `judged` inside this folder.
 */
import type { Prefix } from "./prefix.ts";
import type { Kind } from "./rules.ts";

interface Judged {
  /** Canonical literal. */
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** What the address is, as users are shown it. */
  readonly class: string;
  /** The name or literal that was asked for. */
  readonly host: string;
  readonly kind: Kind;
  readonly blocked: readonly Prefix[];
}

let make: (facts: Judged) => Peer;

export class Peer {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  readonly class: string;
  readonly host: string;
  readonly kind: Kind;
  readonly #blocked: readonly Prefix[];

  static {
    make = (facts) => new Peer(facts);
  }

  private constructor(facts: Judged) {
    this.address = facts.address;
    this.family = facts.family;
    this.port = facts.port;
    this.class = facts.class;
    this.host = facts.host;
    this.kind = facts.kind;
    this.#blocked = facts.blocked;
  }

  /**
   * What a socket to this peer must never reach: the floor, without the part an exception opened for it.
   * The same array for all peers of a policy that need no exception.
   */
  get blocked(): readonly Prefix[] {
    return this.#blocked;
  }
}

/** Makes a peer of an address that was judged and allowed. For the policy alone. */
export function judged(facts: Judged): Peer {
  return make(facts);
}
