/**
 * Who may probe what. Pure: it judges the addresses it is shown and never looks one up.
 *
 * Order: floor (and the exceptions compiled in), denials, allowances, no. Every address of a name must be
 * allowed: a name with one good and one forbidden answer is how a guard is walked around.
 */
import { Failure } from "../failure.ts";
import { parseAddress } from "./address.ts";
import { productionFloor } from "./classes.ts";
import { compile } from "./compile.ts";
import { invalid, judgeAll, type Judgement } from "./judge.ts";
import { judged, type Peer } from "./peer.ts";
import { contains, formatPrefix, type Prefix } from "./prefix.ts";
import { refusalOf } from "./refusal.ts";
import { printRules, type Kind, type Problem } from "./rules.ts";

export type { Judgement } from "./judge.ts";

export interface PolicySettings {
  /** `SONDE_TARGETS`. */
  readonly targets?: string;
  readonly auth: "key" | "easyauth" | "anonymous";
  /** The local host with no sign of a platform: `@loopback` exists. */
  readonly local: boolean;
  /** The addresses of this machine's interfaces, as they are now. */
  ownAddresses(): readonly string[];
  /** Default gateways. */
  readonly gateways?: readonly string[];
  /** The configured name servers. */
  readonly resolvers: readonly Endpoint[];
  /** An Azure platform: relays and the environment's names mean something. */
  readonly azure: boolean;
  /** Hybrid Connections of the app (`WEBSITE_RELAYS`), which answer on a loopback address. */
  readonly relays: readonly { readonly host: string; readonly port: number }[];
  /** The DNS suffix of the Container Apps environment. */
  readonly environmentSuffix?: string;
  /** The managed identity endpoint of this app. */
  readonly identity?: { readonly host: string; readonly port: number };
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Question {
  readonly kind: Kind;
  /** As asked, canonical: a literal or a name. */
  readonly host: string;
  readonly port: number;
  /** What the host answers to; the literal itself when it is one. */
  readonly addresses: readonly string[];
  /** How the run came here; `first` when absent. */
  readonly hop?: "first" | "redirect" | "route" | "referral";
  /** Set by a built-in suite, never from what a caller sent. */
  readonly suite?: "identity";
}

export interface Policy {
  /** The rules in force, in canonical form. */
  readonly canonical: string;
  /** Why the setting cannot be read: everything is refused. */
  readonly problem?: Problem;
  /** One judgement for each distinct address, in order. */
  judge(question: Question): readonly Judgement[];
  /** The peers, or a `Failure` with a code `policy.*` unless every address is allowed. */
  admit(question: Question): readonly Peer[];
}

/** Reads the settings once. `floor` is replaced by tests only, to show that the floor is what refuses. */
export function makePolicy(settings: PolicySettings, floor = productionFloor): Policy {
  const compiled = compile(settings, floor);
  const { rules, problem } = compiled;
  const blocked = floor.filter((block) => block.only === undefined).map((block) => block.prefix);
  const without = openings(blocked);
  const judge = (question: Question) => judgeAll(question, compiled);
  return {
    canonical: printRules(rules),
    ...(problem === undefined ? {} : { problem }),
    judge,
    admit: (question) => {
      if (problem !== undefined) {
        const { code, reason } = invalid(problem);
        throw new Failure(code, reason, { rule: problem.rule, column: problem.column });
      }
      const judgements = judge(question);
      const failure = refusalOf(question, judgements);
      if (failure !== undefined) throw failure;
      return judgements.map((judgement) => peerOf(question, judgement, blocked, without));
    },
  };
}

function peerOf(
  question: Question,
  judgement: Judgement,
  blocked: readonly Prefix[],
  without: ReturnType<typeof openings>,
): Peer {
  const { kind, host, port } = question;
  const { address, family, class: name, exception } = judgement;
  return judged({
    address,
    family,
    port,
    class: name,
    host,
    kind,
    blocked: exception === undefined ? blocked : without(address),
  });
}

/**
 * What stays blocked when an exception opens an address. Kept, because a block list is built for each
 * array: there are no more of them than there are combinations of blocks around one address.
 */
function openings(blocked: readonly Prefix[]): (text: string) => readonly Prefix[] {
  const kept = new Map([["", blocked]]);
  return (text) => {
    const address = parseAddress(text);
    const around = blocked.filter((block) => address !== undefined && contains(block, address));
    const name = around.map(formatPrefix).join(" ");
    const rest = kept.get(name) ?? blocked.filter((block) => !around.includes(block));
    kept.set(name, rest);
    return rest;
  };
}
