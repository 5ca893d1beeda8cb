/** Views of one name, side by side: what the rules of DNS compare. */
import type { Leaf } from "../../leaves.ts";

export const addressesOf = ({ facts }: Leaf) =>
  facts.query?.addresses ?? facts.resolve?.addresses ?? [];

export const typeOf = ({ facts }: Leaf) => facts.query?.question?.type ?? "";

/** What an answer comes down to, whatever its order. */
export function answerSet(leaf: Leaf): string {
  const addresses: readonly string[] = addressesOf(leaf).map((one) => one.address);
  const others: readonly string[] = (leaf.facts.query?.answers ?? [])
    .filter((one) => one.type === typeOf(leaf))
    .map((one) => one.data);
  return [...new Set(addresses.length > 0 ? addresses : others)].toSorted().join(", ");
}

export const isLocal = ({ facts }: Leaf) =>
  ["system", "cares"].includes(facts.query?.transport ?? "");

/** Azure's own resolver, where the application is not known to ask it. */
export const isOpinion = ({ facts }: Leaf) => facts.query?.opinion === true;

/** A repetition of a question: it is compared with the time before, not with other servers. */
export const isSample = ({ facts }: Leaf) => facts.query?.changed !== undefined;

/** A server on the way down the tree: it is compared with nobody. */
export const isOnTheWay = ({ facts }: Leaf) => facts.query?.zone !== undefined;

const compared = (one: Leaf) => one.facts.query !== undefined && !isSample(one) && !isOnTheWay(one);

/** The other views of the question that a leaf is about, and itself. */
export function viewsOf(leaf: Leaf, all: readonly Leaf[]): readonly Leaf[] {
  return all.filter((one) => compared(one) && typeOf(one) === typeOf(leaf));
}

export const answered = (leaf: Leaf) =>
  leaf.stopped === undefined && leaf.facts.query?.rcode !== undefined;

/** The name does not exist, or not with such a record. */
export const denied = ({ stopped }: Leaf) =>
  ["dns.nxdomain", "dns.nodata", "dns.cname_dangling"].includes(stopped?.code ?? "");

export const silent = ({ stopped }: Leaf) =>
  stopped?.code === "dns.timeout" || stopped?.code === "dns.unreachable";

export const whereOf = ({ on }: Leaf) => on ?? "here";

/** Names without regard to case and to the dot at the end. */
export const plain = (name: string) => name.toLowerCase().replace(/\.$/, "");

/** What was asked for, plain. */
export const nameOf = ({ facts }: Leaf) => plain(facts.query?.question?.name ?? "");

/** The time of the attempt that brought the answer. */
export function answerMs({ facts }: Leaf): number | undefined {
  return facts.query?.attempts?.findLast(({ outcome }) => outcome === "answered")?.ms;
}
