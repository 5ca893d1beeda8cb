/**
 * A probe: one question that a caller can ask. One value, in one file, in `probes/`.
 *
 * Everything else is derived from it: the route, the decoding of the query, the OpenAPI document, what
 * may be expected, the text and the metrics.
 */
import type * as z from "zod";
import type { Branch, Report } from "./report.ts";
import type { AnySheet } from "./stage.ts";
import type { Trail } from "./trail.ts";

export interface Probe<Input extends z.ZodObject> {
  /** The route below `/api/`, and the name of the function. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly input: Input;
  /** Every stage it may take: where its expectations and gauges come from. */
  readonly stages: readonly AnySheet[];
  /** What a caller pays in quota. */
  readonly cost: "light" | "medium" | "heavy";
  /** A query that works at once on the local host, for the documentation. */
  readonly example: string;
  /** How long one stage may wait, where the input does not say it as `timeoutMs`. */
  patienceMs?(asked: z.output<Input>): number;
  /** How long the whole run may take, in milliseconds, where a minute may not be enough; 220,000 at most. */
  budgetMs?(asked: z.output<Input>): number;
  /** Whether this question connects anywhere: pages of other sites may ask one that does not. */
  connects?(asked: z.output<Input>): boolean;
  /** Loads what is only loaded when it is needed: before the clock starts, because it is not the network's time. */
  ready?(asked: z.output<Input>): Promise<unknown> | undefined;
  /** What a parameter demands besides, as keys and texts of `expect.*`. */
  demands?(asked: z.output<Input>): readonly (readonly [key: string, text: string])[];
  /** That it must stay closed is told for the sake of a probe that would look into a no. */
  run(
    asked: z.output<Input>,
    trail: Trail,
    demands: { readonly reachable?: boolean },
  ): Promise<unknown>;
  /** What the report is about, beyond the result, which is at hand by then. */
  about(asked: z.output<Input>, result: Branch): About;
}

export interface About {
  readonly target?: NonNullable<Report["target"]>;
  /** What even a pass does not establish. */
  readonly notProved: readonly string[];
  /** Commands of other tools that ask the same question. */
  readonly reproduce: readonly string[];
}

/** Any probe. Sound because inputs reach `run` and `about` only through the probe's own schema. */
export type AnyProbe = Probe<z.ZodObject>;
