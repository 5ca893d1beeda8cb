/**
 * The grammar of `SONDE_TARGETS`: who may be probed, by which kind of probe, on which ports.
 *
 *     rules  = rule *( 1*( WSP / ";" / LF ) rule )      "#" starts a comment, to the end of the line
 *     rule   = [ "!" ] [ kinds "=" ] target [ ":" ports ]
 *     kinds  = kind *( "|" kind )
 *     target = "*" / class / ipv4 [ "/" length ] / "[" ipv6 [ "/" length ] "]" / host / "*." host
 *     class  = "@private" / "@public" / "@loopback"
 *     ports  = span *( "," span )    span = 1*5DIGIT [ "-" 1*5DIGIT ]
 *
 * `!` denies, and a denial wins wherever it stands. There is no "warn and go on": whoever asks a policy
 * that cannot be read gets nothing.
 */
import { formatPrefix, bitsOf, type Prefix } from "./prefix.ts";
import { readTarget } from "./rule-target.ts";

/** What a probe does to its target, as far as a policy tells things apart. */
export const kinds = ["dns", "tcp", "tls", "http", "sql", "ntp", "stun", "service"] as const;
export type Kind = (typeof kinds)[number];

export const classNames = ["private", "public", "loopback"] as const;
export type ClassName = (typeof classNames)[number];

export type RuleTarget =
  | { readonly is: "any" }
  | { readonly is: "class"; readonly name: ClassName }
  | { readonly is: "block"; readonly prefix: Prefix }
  | { readonly is: "host"; readonly name: string }
  /** Every name below this one, at any depth, but not the name itself. */
  | { readonly is: "below"; readonly name: string };

export interface Rule {
  readonly deny: boolean;
  /** In the order of `kinds`; empty for all. */
  readonly kinds: readonly Kind[];
  readonly target: RuleTarget;
  /** Ascending, apart from each other; empty for all. */
  readonly ports: readonly Span[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where and why a setting cannot be read. Rules and columns count from 1; a column is one of its line. */
export interface Problem {
  readonly rule: number;
  readonly column: number;
  readonly message: string;
}

/** A part of a rule that was read, or why it was not, and how far into the part. */
export type Part<Value> = { readonly value: Value } | Wrong;
export interface Wrong {
  readonly wrong: string;
  readonly at: number;
}

const MOST_CHARACTERS = 8192;
const MOST_RULES = 256;

/** Reads the setting. `classes` are the class targets that exist here. */
export function parseRules(
  text: string,
  classes: readonly ClassName[] = classNames,
): readonly Rule[] | Problem {
  if (text.length > MOST_CHARACTERS) {
    return problem(text, 1, MOST_CHARACTERS, `more than ${MOST_CHARACTERS} characters`);
  }
  const bare = text.replace(/#[^\n]*/g, (comment) => " ".repeat(comment.length));
  const rules: Rule[] = [];
  for (const word of bare.matchAll(/[^\s;]+/g)) {
    const number = rules.length + 1;
    if (number > MOST_RULES) {
      return problem(text, number, word.index, `more than ${MOST_RULES} rules`);
    }
    const read = readRule(word[0], classes);
    if ("wrong" in read) return problem(text, number, word.index + read.at, read.wrong);
    rules.push(read.value);
  }
  return rules;
}

function problem(text: string, rule: number, index: number, message: string): Problem {
  return { rule, column: index - text.lastIndexOf("\n", index - 1), message };
}

function readRule(word: string, classes: readonly ClassName[]): Part<Rule> {
  const deny = word.startsWith("!");
  const start = deny ? 1 : 0;
  const equals = word.indexOf("=", start);
  const from = equals < 0 ? start : equals + 1;
  const colon = word.indexOf(":", targetEnd(word, from));
  const end = colon < 0 ? word.length : colon;
  const forKinds: Part<readonly Kind[]> =
    equals < 0 ? { value: [] } : readKinds(word.slice(start, equals));
  if ("wrong" in forKinds) return shifted(forKinds, start);
  const target = readTarget(word.slice(from, end), classes);
  if ("wrong" in target) return shifted(target, from);
  const ports: Part<readonly Span[]> = colon < 0 ? { value: [] } : readPorts(word.slice(end + 1));
  if ("wrong" in ports) return shifted(ports, end + 1);
  return { value: { deny, kinds: forKinds.value, target: target.value, ports: ports.value } };
}

/** Where ports may begin: the colons of an IPv6 address are its own. */
function targetEnd(word: string, from: number): number {
  if (word[from] !== "[") return from;
  const bracket = word.indexOf("]", from);
  return bracket < 0 ? word.length : bracket;
}

function shifted(part: Wrong, by: number): Wrong {
  return { wrong: part.wrong, at: part.at + by };
}

function readKinds(text: string): Part<readonly Kind[]> {
  const named = new Set<string>();
  let at = 0;
  for (const name of text.split("|")) {
    if (!kinds.some((kind) => kind === name)) {
      // What was pasted by mistake may hold a secret: only a short word is repeated.
      const what = /^[a-z]{1,12}$/i.test(name) ? `"${name}"` : "what stands before =";
      return { wrong: `${what} is no kind of probe: use ${kinds.join(", ")}`, at };
    }
    named.add(name);
    at += name.length + 1;
  }
  return { value: kinds.filter((kind) => named.has(kind)) };
}

function readPorts(text: string): Part<readonly Span[]> {
  const spans: Span[] = [];
  let at = 0;
  for (const written of text.split(",")) {
    const span = readSpan(written);
    if (typeof span === "string") return { wrong: span, at };
    spans.push(span);
    at += written.length + 1;
  }
  const joined = joinSpans(spans);
  const isAll = joined.some(({ from, to }) => from === 1 && to === LAST_PORT);
  return { value: isAll ? [] : joined };
}

const LAST_PORT = 65_535;

/** The span, or what is wrong with it. */
function readSpan(written: string): Span | string {
  const [, low, high = low] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(written) ?? [];
  if (low === undefined) return "a port or a range of ports is expected, as in 443 or 1-1023";
  const span = { from: Number(low), to: Number(high) };
  if (span.from > span.to) return "a range of ports goes from low to high";
  return span.from < 1 || span.to > LAST_PORT ? `ports go from 1 to ${LAST_PORT}` : span;
}

function joinSpans(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last === undefined || span.from > last.to + 1) joined.push(span);
    else joined.splice(-1, 1, { from: last.from, to: Math.max(last.to, span.to) });
  }
  return joined;
}

/** The rules in canonical form, which reads as the same rules. */
export function printRules(rules: readonly Rule[]): string {
  return rules.map(printRule).join(" ");
}

export function printRule({ deny, kinds: named, target, ports }: Rule): string {
  const spans = ports.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return [
    deny ? "!" : "",
    named.length === 0 ? "" : `${named.join("|")}=`,
    printTarget(target),
    spans.length === 0 ? "" : `:${spans.join(",")}`,
  ].join("");
}

function printTarget(target: RuleTarget): string {
  switch (target.is) {
    case "any":
      return "*";
    case "class":
      return `@${target.name}`;
    case "block":
      return printBlock(target.prefix);
    case "host":
      return target.name;
    case "below":
      return `*.${target.name}`;
  }
}

function printBlock(block: Prefix): string {
  const text = block.length === bitsOf(block.family) ? block.address : formatPrefix(block);
  return block.family === 6 ? `[${text}]` : text;
}
