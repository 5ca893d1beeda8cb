/** Which words an expectation can hold to, where they are settled: any other is a bad input. */
import * as z from "zod";
import { nearest } from "../nearest.ts";

/** The words that a fact can be, where its schema lists them. */
export function optionsOf(schema: unknown): readonly string[] | undefined {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodEnum ? inner.options.map(String) : undefined;
}

/** A word that no fact can ever be would fail for ever, or never be noticed: it is a slip of the pen. */
export function wrongIn(
  asked: readonly string[],
  known: readonly string[] = asked,
): string | undefined {
  if (asked.length === 0 || asked.includes("")) return "a value is needed";
  const all = known.map((word) => word.toLowerCase());
  const strange = asked.find((word) => !all.includes(word));
  if (strange === undefined) return undefined;
  const near = nearest(strange, known);
  return `${near === undefined ? "" : `did you mean ${near}? `}use one of ${known.join(", ")}`;
}
