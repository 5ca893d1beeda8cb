/** Where a name leads, by the CNAME records of one answer. */
import type { ResourceRecord } from "./message.ts";

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
 * Follows the aliases from `name`. `type` is what was asked: with CNAME or ANY the alias itself is the answer,
 * and it is not followed (RFC 1034 §3.6.2).
 */
export function followChain(name: string, type: string, answers: readonly ResourceRecord[]): Chain {
  const aliases = new Map<string, ResourceRecord>();
  for (const record of answers) {
    if (record.type === "CNAME" && !aliases.has(folded(record.name))) {
      aliases.set(folded(record.name), record);
    }
  }
  const chain: { name: string; target: string }[] = [];
  const seen = new Set([folded(name)]);
  let end = absolute(name);
  let loop = false;
  while (!loop && type !== "CNAME" && type !== "ANY") {
    const alias = aliases.get(folded(end));
    if (alias === undefined) break;
    chain.push({ name: alias.name, target: alias.data });
    end = alias.data;
    loop = seen.has(folded(end));
    seen.add(folded(end));
  }
  const addresses = answers
    .filter((record) => record.type === "A" || record.type === "AAAA")
    .filter((record) => record.class === "IN" && folded(record.name) === folded(end))
    .map((record) => record.data);
  return { chain, end, loop, addresses };
}

function absolute(name: string): string {
  return name.endsWith(".") && !name.endsWith("\\.") ? name : `${name}.`;
}

function folded(name: string): string {
  return absolute(name).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
