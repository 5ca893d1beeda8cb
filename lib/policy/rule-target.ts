/** Reads what a rule points at. Strict: a target that two readers could read in two ways is an error. */
import { formatAddress, parseAddress, wrongName } from "./address.ts";
import { bitsOf, formatPrefix, prefixOf, type Prefix } from "./prefix.ts";
import type { ClassName, Part, RuleTarget } from "./rules.ts";

export function readTarget(text: string, classes: readonly ClassName[]): Part<RuleTarget> {
  if (text === "") return { wrong: "a target is expected", at: 0 };
  if (text === "*") return { value: { is: "any" } };
  if (text.startsWith("@")) return readClass(text, classes);
  if (text.startsWith("[")) return readBracketed(text);
  if (/^[\d.]+(?:\/|$)/.test(text)) return readBlock(text, 4, 0);
  return readName(text);
}

function readClass(text: string, classes: readonly ClassName[]): Part<RuleTarget> {
  const name = classes.find((each) => `@${each}` === text);
  if (name !== undefined) return { value: { is: "class", name } };
  if (text === "@loopback") {
    return { wrong: "@loopback exists only under the local host, away from any platform", at: 0 };
  }
  return {
    wrong: `${/^@[a-z0-9-]{1,20}$/.test(text) ? text : "this"} is no class: use ${classes.map((each) => `@${each}`).join(", ")}`,
    at: 0,
  };
}

function readBracketed(text: string): Part<RuleTarget> {
  const end = text.indexOf("]");
  if (end < 0) return { wrong: "the bracket is not closed", at: text.length };
  if (end < text.length - 1) {
    return { wrong: "only a colon and ports may follow the bracket", at: end + 1 };
  }
  return readBlock(text.slice(1, end), 6, 1);
}

function readBlock(text: string, family: 4 | 6, at: number): Part<RuleTarget> {
  const slash = text.indexOf("/");
  const written = slash < 0 ? text : text.slice(0, slash);
  const address = parseAddress(written);
  if (address === undefined || written.includes(":") !== (family === 6)) {
    return {
      wrong: `${/^[\da-f:.]{1,45}$/i.test(written) ? `"${written}"` : "this"} is not an IPv${family} address`,
      at,
    };
  }
  if (address.family !== family) {
    return { wrong: `write it as the IPv4 address it is, ${formatAddress(address)}`, at };
  }
  if (slash < 0) return { value: { is: "block", prefix: prefixOf(address, bitsOf(family)) } };
  const digits = text.slice(slash + 1);
  const length = /^(?:0|[1-9]\d{0,2})$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY;
  if (length > bitsOf(family)) {
    return { wrong: `a prefix length from 0 to ${bitsOf(family)} is expected`, at: at + slash + 1 };
  }
  return exact(prefixOf(address, length), address.value, at);
}

/** A block with bits beyond its length is most often a slip in one of the two. */
function exact(block: Prefix, value: bigint, at: number): Part<RuleTarget> {
  if (block.value === value) return { value: { is: "block", prefix: block } };
  return { wrong: `the address has bits beyond the prefix: ${formatPrefix(block)} is meant?`, at };
}

function readName(text: string): Part<RuleTarget> {
  const below = text.startsWith("*.");
  const at = below ? 2 : 0;
  const name = text.slice(at).toLowerCase();
  if (name.includes("*")) {
    return { wrong: "* stands alone or for the whole first label", at: at + name.indexOf("*") };
  }
  if (name.endsWith(".")) {
    return { wrong: "names are written without the final dot", at: text.length - 1 };
  }
  const stray = name.search(/[^a-z0-9_.-]/);
  const wrong = wrongName(name);
  if (wrong !== undefined) return { wrong, at: at + Math.max(stray, 0) };
  return { value: { is: below ? "below" : "host", name } };
}
