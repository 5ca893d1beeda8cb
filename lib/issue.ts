/** What a schema finds wrong with a value, in the words of whoever sent it. */
import type * as z from "zod";
import { nearest } from "./nearest.ts";

export interface Said {
  readonly says: string;
  /** What was probably meant. */
  readonly near?: string;
}

const needed: Readonly<Record<string, string>> = {
  int: "a whole number is needed",
  number: "a number is needed",
  boolean: "true or false is needed",
  string: "text is needed",
  array: "a list is needed",
  object: "an object is needed",
  record: "an object is needed",
};

const OWN_WORDS_OF_ZOD = /^(?:Invalid|Too (?:big|small)|Unrecognized)/;

const units: Readonly<Record<string, string>> = { string: " characters", array: " values" };

/**
 * A sentence about one issue with what was given as a whole; what our own schemas say themselves stays as they say it.
 * `known` are the keys that could have stood where an unknown one does.
 */
export function sayIssue(
  issue: z.core.$ZodIssue,
  whole: unknown,
  known: readonly string[] = [],
): Said {
  if (!OWN_WORDS_OF_ZOD.test(issue.message)) return { says: issue.message };
  if (issue.code === "unrecognized_keys") return unknownKey(issue.keys[0] ?? "", known);
  if (issue.code === "invalid_value")
    return oneOf(issue.values.map(String), valueAt(whole, issue.path));
  return { says: saysOf(issue) };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, key) => Object(part)[key], value);
}

function saysOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return needed[issue.expected] ?? "it is wrong";
    case "too_big":
      return `at most ${issue.maximum}${units[issue.origin] ?? ""} may be asked for`;
    case "too_small":
      return `at least ${issue.minimum}${units[issue.origin] ?? ""} must be asked for`;
    default:
      return issue.message;
  }
}

function unknownKey(key: string, known: readonly string[]): Said {
  const near = nearest(key, known);
  if (near !== undefined) return { says: `${key} is not known: did you mean ${near}?`, near };
  return { says: `${key} is not known${known.length > 0 ? `: use ${known.join(", ")}` : ""}` };
}

function oneOf(values: readonly string[], given: unknown): Said {
  const near = typeof given === "string" ? nearest(given, values) : undefined;
  const list = `use ${values.length > 1 ? "one of " : ""}${values.join(", ")}`;
  return near === undefined ? { says: list } : { says: `did you mean ${near}? ${list}`, near };
}
