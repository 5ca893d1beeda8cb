/**
 * The shapes of a fact sheet and of a stage.
 *
 * A sheet says what a stage may learn and how that reads; it is pure. A stage is a sheet that also
 * knows how to find out. Several stages may share a sheet (a name server and the system resolver both
 * answer a `query`).
 */
import type * as z from "zod";
import type { Code } from "./failure.ts";
import type { Here } from "./here.ts";
import type { ForkName } from "./report.ts";

export interface FactSheet<Name extends string = string, Facts extends z.ZodObject = z.ZodObject> {
  readonly name: Name;
  /** Complete when the stage passed; any part may be missing when it did not. */
  readonly facts: Facts;
  /**
   * The fork whose branches hold nothing but these facts: they stand on the branch itself there, and not
   * under the name of the stage. Such branches are facts of the one above, and no ends of their own.
   */
  readonly flat?: ForkName;
  /** What a passed stage established, as a clause: `a TCP connection opens`. */
  readonly proves: string;
  /** The facts in a few words, for the summary of a run that ended here. */
  readonly headline?: Line;
  /** How the facts read as text, in order. */
  readonly lines: readonly Line[];
  /** What the facts count, for Prometheus. */
  readonly gauges: readonly Gauge[];
  /** What may be demanded of the facts: `expect.<key>=`. Keys are unique over all sheets. */
  readonly expect: Readonly<Record<string, Expectation>>;
}

export type AnySheet = FactSheet;
export type FactsOf<Sheet extends AnySheet> = z.infer<Sheet["facts"]>;

/** A record of facts, any of which may be missing. */
export type Known = Readonly<Record<string, unknown>>;

/** One line of text. `say` is only called when every fact it needs is known. */
export interface Line {
  readonly label: string;
  readonly needs: readonly string[];
  say(facts: Known): string | readonly string[] | undefined;
}

/** One number for Prometheus, absent when a fact it needs is missing. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly needs: readonly string[];
  value(facts: Known): number | undefined;
}

/** Something that may be demanded of a fact. */
export interface Expectation {
  readonly summary: string;
  readonly needs: readonly string[];
  /** Codes of findings that are no trouble once this holds: the caller asked for just that. */
  readonly settles?: readonly string[];
  /** A comma is part of the text, so several texts are several demands, and all must hold. */
  readonly whole?: true;
  /** The demand that the caller's text makes, or why it cannot be read. */
  read(text: string): Demand | { readonly wrong: string };
}

export interface Demand {
  /** As it is shown: `at least 30`. */
  readonly wanted: string;
  /** As it is shown: `12`. */
  actual(facts: Known): string;
  holds(facts: Known): boolean;
}

/** What a stage is given beside its subject. */
export interface At<Sheet extends AnySheet> {
  /** Aborted with a `Failure` as its reason when time is up: throw that reason, as it is. */
  readonly signal: AbortSignal;
  readonly here: Here;
  /** Keeps facts as soon as they are known, whatever happens next. */
  readonly note: (facts: Partial<FactsOf<Sheet>>) => void;
  /** Says by how many milliseconds what was measured may be too long, through this process's own doing. */
  readonly late: (mostMs: number) => void;
}

export type Stage<From, To, Sheet extends AnySheet> = Sheet & {
  /** The code that silence earns: what the trail aborts with when the stage's own patience ends. */
  readonly silence: Code;
  /** How long it may take, in milliseconds, where it does more than wait for one answer of the network. */
  patienceMs?(from: From): number;
  run(from: From, at: At<Sheet>): Promise<To>;
};

/** A stage by its sheet alone: enough to plan it, not to take it. */
export type Planned = Pick<AnySheet, "name">;
