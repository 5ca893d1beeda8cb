/** Settings, read once: what a judgement needs of them, in a form that can be compared. */
import { canonicalHost, formatAddress, parseAddress, type Address } from "./address.ts";
import type { Block } from "./classes.ts";
import type { PolicySettings } from "./policy.ts";
import { classNames, parseRules, type Problem, type Rule } from "./rules.ts";

export interface Compiled {
  readonly settings: PolicySettings;
  readonly floor: readonly Block[];
  /** The rules in force: with the default ones when none allows. Empty when there is a problem. */
  readonly rules: readonly Rule[];
  readonly problem: Problem | undefined;
  /** Nobody is authenticated and nothing is spelled out. */
  readonly isClosed: boolean;
  readonly resolvers: readonly { readonly address: Address; readonly port: number }[];
  readonly gateways: readonly Address[];
  /** `host:port` of each Hybrid Connection. */
  readonly relays: ReadonlySet<string>;
  /** With a leading dot. */
  readonly environmentSuffix: string | undefined;
}

/** Azure's DNS as seen from inside a virtual network: the rest of that address is the platform's own. */
const AZURE_DNS = { address: "168.63.129.16", port: 53 };

export function compile(settings: PolicySettings, floor: readonly Block[]): Compiled {
  const suffix = settings.azure ? settings.environmentSuffix : undefined;
  return {
    settings,
    floor,
    ...compileRules(settings),
    resolvers: [AZURE_DNS, ...settings.resolvers].flatMap(({ address, port }) =>
      addresses([address]).map((known) => ({ address: known, port })),
    ),
    gateways: addresses(settings.gateways ?? []),
    relays: new Set(settings.azure ? settings.relays.map(place) : []),
    environmentSuffix: suffix === undefined ? undefined : `.${plainHost(suffix)}`,
  };
}

function compileRules({ targets = "", auth, local }: PolicySettings) {
  const read = parseRules(targets, local ? classNames : ["private", "public"]);
  if ("message" in read) return { rules: [], problem: read, isClosed: false };
  const allowsNone = read.every((rule) => rule.deny);
  const isAnonymous = auth === "anonymous";
  return {
    rules: allowsNone && !isAnonymous ? [...standard, ...read] : read,
    problem: undefined,
    isClosed: allowsNone && isAnonymous,
  };
}

/** What authenticated callers may probe when nothing is said. */
const standard: readonly Rule[] = (["private", "public"] as const).map((name) => ({
  deny: false,
  kinds: [],
  target: { is: "class", name },
  ports: [],
}));

/** The readable ones: a resolver with a zone id, say, cannot be asked, so it needs no exception. */
export function addresses(texts: readonly string[]): readonly Address[] {
  return texts.map(parseAddress).filter((address) => address !== undefined);
}

export function same(one: Address, other: Address): boolean {
  return one.family === other.family && one.value === other.value;
}

/** A host and port to be compared with others. */
export function place({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${plainHost(host)}:${port}`;
}

/** Rules and settings are compared with the canonical host, whoever asks. */
export function plainHost(host: string): string {
  const read = canonicalHost(host);
  if (read.kind === "address") return formatAddress(read.address);
  return read.kind === "name" ? read.name : host.toLowerCase();
}
