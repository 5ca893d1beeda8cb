/** Every conclusion there is, in one list: what documents and the page show of the rules. Pure. */
import { codes } from "../failure.ts";
import { acrossRules } from "./across.ts";
import { meanings } from "./codes.ts";
import { curlExits } from "./curl.ts";
import { rules } from "./index.ts";
import type { Meaning } from "./rule.ts";

export interface Entry extends Omit<Meaning, "basis"> {
  readonly code: string;
  /** Whether it was seen at work on servers of a lab, or what it rests on instead. */
  readonly basis: "lab" | NonNullable<Meaning["basis"]>;
  /** A failure ends a branch; a conclusion is drawn from facts, whatever ended. */
  readonly kind: "failure" | "conclusion";
  /** How curl ends in the same case. */
  readonly curl?: number;
}

/** Failures in the order of their codes, then what rules conclude beyond them; each code once. */
export function catalogue(): readonly Entry[] {
  const failures = codes.map((code) => entryOf(code, "failure", meanings[code]));
  const named = new Set<string>(codes);
  const conclusions = [...rules, ...acrossRules]
    .filter(({ code }) => !named.has(code))
    .map((rule) => entryOf(rule.code, "conclusion", rule));
  return [...failures, ...conclusions];
}

function entryOf(code: string, kind: Entry["kind"], meaning: Meaning): Entry {
  const { severity, blame, confidence, basis = "lab", title, why, rivals, next, docs } = meaning;
  const curl = curlExits.get(code);
  return {
    code,
    kind,
    severity,
    blame,
    confidence,
    basis,
    title,
    why,
    rivals,
    next,
    ...(docs === undefined ? {} : { docs }),
    ...(curl === undefined ? {} : { curl }),
  };
}
