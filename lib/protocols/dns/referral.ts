/** Whom an answer refers to: the way down the tree of names (RFC 1034 §4.3.1). */
import type { Message, ResourceRecord } from "./message.ts";

export interface Referral {
  readonly zone: string;
  readonly servers: readonly {
    /** Without the dot at its end. */
    readonly host: string;
    /** The glue that came along, IPv4 first; undefined where the name must be looked up. */
    readonly address: string | undefined;
  }[];
}

/** `undefined` when the answer answers, or refers to nothing below `zone` on the way to `name`. */
export function referralIn(message: Message, zone: string, name: string): Referral | undefined {
  const { flags, answers, authority, additional } = message;
  const named = authority.filter(({ type }) => type === "NS");
  const [first] = named;
  if (first === undefined || flags.aa || answers.length > 0) return undefined;
  const below = folded(first.name);
  // A referral to where we are, or up, is how a lame server runs its visitors in circles.
  const isDeeper = depthOf(below) > depthOf(zone) && isUnder(folded(name), below);
  if (!isDeeper) return undefined;
  const servers = named
    .filter((record) => folded(record.name) === below)
    .map(({ data }) => ({ host: data.replace(/\.$/, ""), address: glueFor(data, additional) }));
  return { zone: first.name, servers };
}

function glueFor(host: string, additional: readonly ResourceRecord[]): string | undefined {
  const glue = additional.filter((record) => folded(record.name) === folded(host));
  const [found] = [...glue.filter(isType("A")), ...glue.filter(isType("AAAA"))];
  return found?.data;
}

const isType = (type: string) => (record: ResourceRecord) => record.type === type;

function depthOf(name: string): number {
  return name === "." ? 0 : name.split(".").length - 1;
}

function isUnder(name: string, zone: string): boolean {
  return zone === "." || name === zone || name.endsWith(`.${zone}`);
}

function folded(name: string): string {
  return name.toLowerCase();
}
