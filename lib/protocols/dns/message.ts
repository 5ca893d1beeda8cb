/** What a DNS message says, as plain values (RFC 1035 §4). */

export interface Message {
  readonly id: number;
  /** The twelve-bit code by name: the header's four bits and, above them, the eight of OPT. */
  readonly rcode: string;
  readonly rcodeNumber: number;
  readonly opcode: number;
  readonly flags: Flags;
  readonly question: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  /** Without OPT, which is `edns`. */
  readonly additional: readonly ResourceRecord[];
  /** Absent when the message carries no OPT record. */
  readonly edns?: Edns;
  /** What could not be read, one sentence each: not empty means half decoded. */
  readonly defects: readonly string[];
}

/** `ad` and `cd` are RFC 4035 §3.2; the rest is RFC 1035 §4.1.1. */
export interface Flags {
  readonly qr: boolean;
  readonly aa: boolean;
  readonly tc: boolean;
  readonly rd: boolean;
  readonly ra: boolean;
  readonly ad: boolean;
  readonly cd: boolean;
}

/** Names are absolute, end in a dot and are escaped as in a zone file (RFC 1035 §5.1). */
export interface Question {
  readonly name: string;
  readonly type: string;
  readonly class: string;
}

export interface ResourceRecord {
  readonly name: string;
  readonly type: string;
  readonly class: string;
  /** Seconds. A value with the highest bit set counts as zero (RFC 2181 §8). */
  readonly ttl: number;
  /** In the words of a zone file, as `dig` prints it; `\# n hex` for what is not known (RFC 3597 §5). */
  readonly data: string;
}

/** What OPT carries (RFC 6891 §6.1). Octets are lower-case hex. */
export interface Edns {
  readonly udpSize: number;
  readonly version: number;
  readonly dnssecOk: boolean;
  /** Every option as it came, also those that are spelt out below. */
  readonly options: readonly EdnsOption[];
  /** The server's own name for itself (RFC 5001): `text` when all of it is printable ASCII. */
  readonly nsid?: { readonly hex: string; readonly text?: string };
  /** RFC 7873: eight octets of ours, then eight to thirty-two of the server's. */
  readonly cookie?: { readonly client: string; readonly server: string };
  /** Client subnet (RFC 7871). */
  readonly subnet?: { readonly address: string; readonly source: number; readonly scope: number };
  /** Extended errors (RFC 8914): may be several. */
  readonly ede: readonly ExtendedError[];
}

export interface EdnsOption {
  readonly code: number;
  readonly hex: string;
}

export interface ExtendedError {
  readonly code: number;
  /** Of the IANA registry, such as `DNSSEC Bogus`, or `Unassigned`. */
  readonly name: string;
  /** The server's own words, possibly empty, decoded as UTF-8. Foreign: to be made harmless before it is shown. */
  readonly text: string;
}

/** What is asked, of one server, once. */
export interface Query {
  /** Zero to 65535. RFC 8484 §4.1 wants zero over HTTPS; elsewhere it must be hard to guess (RFC 5452). */
  readonly id: number;
  /** With or without the dot at its end; `\.` and `\DDD` are understood. */
  readonly name: string;
  /** `A`, `TYPE65` or `65`. */
  readonly type: string;
  /** `IN` when absent. */
  readonly class?: string;
  readonly recursionDesired: boolean;
  /** Asks a validating resolver to answer although it finds the data bogus (RFC 4035 §3.2.2). */
  readonly checkingDisabled?: boolean;
  readonly edns: QueryEdns | "off";
}

export interface QueryEdns {
  /** What this side can receive by UDP, in octets. */
  readonly udpSize: number;
  readonly dnssecOk: boolean;
  /** Asks the server to name itself. */
  readonly nsid?: boolean;
  /** Eight octets of ours, or those and the server's from an earlier answer. */
  readonly cookie?: Uint8Array;
  /** Pads the query with zeros to a multiple of this many octets (RFC 7830; 128 in RFC 8467). */
  readonly padTo?: number;
}
