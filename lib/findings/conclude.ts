/** From leaves to findings: each no gets its meaning, each rule its say, and one of them leads. */
import { codes, type Code } from "../failure.ts";
import type { Leaf } from "../leaves.ts";
import type { Finding } from "../report.ts";
import { meanings } from "./codes.ts";
import { commandsFor, type Place } from "./commands.ts";
import { isOpinion } from "./dns/views.ts";
import { rules } from "./index.ts";
import type { Meaning } from "./rule.ts";

const order: ReadonlyMap<string, number> = new Map(codes.map((code, index) => [code, index]));
const severityOrder = { fail: 0, warn: 1, info: 2 } as const;

interface Drawn {
  readonly finding: Finding;
  /** Seen where the question is about, and not only beside it. */
  readonly own: boolean;
  readonly depth: number;
  readonly rank: number;
}

/**
 * All findings, the leading one first: worst severity, then what the question is about before what stands
 * beside it, then the branch that got furthest, then the order of the codes. One finding per code; `on` lists
 * the branches it was seen on. Commands are filled by the place where the run took place; without one there are
 * none.
 */
export function conclude(leaves: readonly Leaf[], place?: Place): Finding[] {
  // One dead address beside a living one is a warning, not an outage. A control that lives saves nothing, nor
  // does a redirect that led to what is dead.
  const someAnswered = leaves.some(
    (leaf) => isOwn(leaf) && leaf.stopped === undefined && leaf.onward !== true,
  );
  const drawn = new Map<string, Drawn>();
  const draw = (code: string, meaning: Meaning, evidence: string, leaf: Leaf, rank: number) => {
    const on = leaf.on === undefined ? [] : [leaf.on];
    const before = drawn.get(code);
    if (before === undefined) {
      const finding = findingOf(code, weighed(meaning, leaf), evidence, on);
      if (place !== undefined) finding.commands.push(...commandsFor(code, leaf, place));
      drawn.set(code, { finding, own: isOwn(leaf), depth: leaf.depth, rank });
    } else before.finding.on.push(...on);
  };
  // Leaves about the question come first, and so decide how grave a finding is that both have.
  for (const leaf of leaves) {
    const { stopped } = leaf;
    if (stopped !== undefined && isCode(stopped.code)) {
      const { code, message } = stopped;
      const meaning = someAnswered ? softened(meanings[code]) : meanings[code];
      draw(code, meaning, message, leaf, rankOf(code));
    }
    for (const rule of rules) {
      const evidence = rule.when(leaf, leaves, place?.vantage);
      if (evidence !== undefined)
        draw(rule.code, rule, evidence, leaf, rankOf(rule.code, rule.before));
    }
  }
  return [...drawn.values()].toSorted(leading).map(({ finding }) => finding);
}

const ofRules = (key: "settles" | "explains"): ReadonlyMap<string, readonly string[]> =>
  new Map(rules.flatMap(({ code, [key]: noes }) => (noes === undefined ? [] : [[code, noes]])));

/** What each conclusion settles, of the few that do, wherever it was drawn. */
const settling = ofRules("settles");

/** What each conclusion settles on its own branches. */
const explaining = ofRules("explains");

/** Codes that are as they must be, by what was concluded beside them: but a no of all is one. */
export function settledIn(
  findings: readonly Finding[],
  leaves: readonly Leaf[],
): readonly string[] {
  if (leaves.every(({ stopped }) => stopped !== undefined)) return [];
  return findings.flatMap(({ code, on }) => {
    const isCovered = (no: string) =>
      leaves.every((leaf) => leaf.stopped?.code !== no || on.includes(leaf.on ?? ""));
    return [...(settling.get(code) ?? []), ...(explaining.get(code) ?? []).filter(isCovered)];
  });
}

const isOwn = ({ aside }: Leaf) => aside !== true;

/** What only explains is softened, and what was asked for an explanation alone is information. */
const weighed = (meaning: Meaning, leaf: Leaf): Meaning => {
  if (isOpinion(leaf)) return { ...meaning, severity: "info" };
  return isOwn(leaf) ? meaning : softened(meaning);
};

const softened = (meaning: Meaning): Meaning =>
  meaning.severity === "fail" ? { ...meaning, severity: "warn" } : meaning;

function leading(a: Drawn, b: Drawn): number {
  return (
    severityOrder[a.finding.severity] - severityOrder[b.finding.severity] ||
    Number(b.own) - Number(a.own) ||
    b.depth - a.depth ||
    a.rank - b.rank
  );
}

function rankOf(code: string, before?: string): number {
  if (before !== undefined) return (order.get(before) ?? order.size) - 0.5;
  return order.get(code) ?? order.size;
}

function isCode(code: string): code is Code {
  return order.has(code);
}

/** A finding without commands. */
export function findingOf(code: string, meaning: Meaning, evidence: string, on: string[]): Finding {
  const { severity, blame, confidence, basis, title, why, rivals, next, docs } = meaning;
  return {
    code,
    severity,
    blame,
    confidence,
    ...(basis === undefined ? {} : { basis }),
    title,
    why,
    evidence,
    on,
    rivals: [...rivals],
    next: [...next],
    commands: [],
    ...(docs === undefined ? {} : { docs }),
  };
}
