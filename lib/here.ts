/** Where a run takes place. Built once, at the edge, and handed to every stage. */
import type { Resolver } from "./platform/detect.ts";
import type { Peer } from "./policy/peer.ts";
import type { Question } from "./policy/policy.ts";
import type { Vantage } from "./report.ts";

/** App settings and platform variables, as the edge read them. Values may be secret. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The request that asked for this run, as far as the runtime shows it. */
export interface Arrival {
  readonly method: string;
  /** Absolute, with query string: may hold a key in `code`. */
  readonly url: string;
  /** Lower-cased names in the order the runtime gives them; duplicates are already joined by it. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What the operating system shows of this instance. */
export interface Host {
  /** Versions of Node and of the operating system. */
  readonly node: string;
  readonly os: string;
  /** When this process began, ISO 8601 UTC. */
  readonly startedAt: string;
  /** The default gateways, as far as they are shown. */
  readonly gateways: readonly string[];
  /** The network interfaces as they are now. */
  interfaces(): readonly { readonly name: string; readonly address: string }[];
  /** The connections of this instance as Linux lists them; absent elsewhere. */
  readonly tcpTable?: () => string;
}

export interface Here {
  readonly arrival: Arrival;
  readonly environment: Environment;
  readonly host: Host;
  /** The name servers configured for this app, in the order they are asked. */
  readonly resolvers: readonly Resolver[];
  readonly vantage: Vantage;
  /** Sent along with every HTTP request, so that this deployment knows its own when it comes back. */
  readonly loopToken: string;
  /** The names that a look-up on this host tries in turn, by its search list: absolute, often only one. */
  searched(name: string): readonly string[];
  /**
   * The only way to a peer, and so to a connection: has every address judged by the policy and counted
   * against the quotas, each with so many connections. Throws a `Failure` with a `policy.*` code or `sonde.busy`.
   */
  admit(question: Question, connections?: number): readonly Peer[];
  /**
   * A certificate with its key, as PKCS #12 without a password, that the platform keeps for this app; by
   * its SHA-1, 40 hexadecimal digits. Absent where the platform has no folder for them.
   */
  readonly privateCertificate?: (thumbprint: string) => Uint8Array | undefined;
}
