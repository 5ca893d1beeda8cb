/** Where a name leads, by the CNAME records of one answer. */
import type { ResourceRecord } from "./message.ts";
import { absoluteName } from "./name.ts";
import { typeNumber } from "./types.ts";

/** Asked for one of these, the alias is the answer: CNAME and ANY (RFC 1034 §3.6.2). */
const unfollowed = new Set<number | undefined>([5, 255]);

export interface Chain {
  /** In the order they are followed, whatever order they came in. */
  readonly chain: readonly { readonly name: string; readonly target: string }[];
  /** The last name reached: the one asked for when it is no alias. */
  readonly end: string;
  /** The aliases come back to a name already seen. */
  readonly loop: boolean;
  /** The A and AAAA records of `end`, in the order they came. */
  readonly addresses: readonly string[];
}

/**
 * Follows the aliases from `name`. `type` is what was asked; an alias that is itself the answer is not
 * followed. Where an owner has several aliases, against RFC 2181 §10.1, the first one counts.
 */
export function followChain(name: string, type: string, answers: readonly ResourceRecord[]): Chain {
  const aliases = unfollowed.has(typeNumber(type)) ? [] : answers.filter(isAlias).toReversed();
  const byName = new Map(aliases.map((record) => [folded(record.name), record]));
  const chain: { name: string; target: string }[] = [];
  let end = absoluteName(name);
  const seen = new Set([folded(end)]);
  let alias = byName.get(folded(end));
  let loop = false;
  while (alias !== undefined && !loop) {
    chain.push({ name: alias.name, target: alias.data });
    end = alias.data;
    loop = seen.has(folded(end));
    seen.add(folded(end));
    alias = byName.get(folded(end));
  }
  const addresses = answers
    .filter((record) => isAddress(record) && folded(record.name) === folded(end))
    .map((record) => record.data);
  return { chain, end, loop, addresses };
}

function isAlias(record: ResourceRecord): boolean {
  return record.type === "CNAME";
}

function isAddress(record: ResourceRecord): boolean {
  return record.class === "IN" && (record.type === "A" || record.type === "AAAA");
}

const capital = /[A-Z]/;
const capitals = /[A-Z]/g;

/** Names compare without regard to the case of ASCII letters, and of no others (RFC 4343). */
function folded(name: string): string {
  return capital.test(name) ? name.replaceAll(capitals, (letter) => letter.toLowerCase()) : name;
}
