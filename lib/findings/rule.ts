/** What a rule is: a conclusion, and the pure test that draws it. */
import type { Code } from "../failure.ts";
import type { Leaf } from "../leaves.ts";
import type { Finding, Vantage } from "../report.ts";

/** The part of a conclusion that is always the same. */
export interface Meaning extends Pick<
  Finding,
  "severity" | "blame" | "confidence" | "basis" | "title" | "why"
> {
  /** Other causes that would look the same from here. */
  readonly rivals: readonly string[];
  /** What to look at next. */
  readonly next: readonly string[];
  readonly docs?: string;
}

/** A meaning for every code of some areas. */
export type Meanings<Area extends string> = Readonly<
  Record<Extract<Code, `${Area}.${string}`>, Meaning>
>;

export interface Rule extends Meaning {
  readonly code: string;
  /** The failure or conclusion that says the same more generally: at equal weight this one comes before it. */
  readonly before?: string;
  /** Codes that are no trouble where this one is drawn: it says why they must be so. */
  readonly settles?: readonly string[];
  /** Codes that are no trouble where each branch that ended with them is one that this is drawn on. */
  readonly explains?: readonly string[];
  /**
   * The evidence in one sentence when the rule applies. It claims only what the leaves prove, and what the
   * place where they were measured shows of itself: an absent variable proves nothing.
   */
  when(leaf: Leaf, all: readonly Leaf[], here?: Vantage): string | undefined;
}
