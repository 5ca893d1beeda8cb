/** JSON that somebody wrote by hand: read with suspicion, and no more of it than is needed. */
import { readFileSync } from "node:fs";

/** Throws with the path when the file is not there or is not JSON. */
export function readJson(path: string): unknown {
  const text = readFileSync(path, "utf8");
  try {
    // Editors on Windows like to begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new Error(`${path} is not JSON: ${cause instanceof Error ? cause.message : ""}`, {
      cause,
    });
  }
}

/** The value under `keys`, or undefined when any of them is missing. */
export function under(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) found = isObject(found) ? found[key] : undefined;
  return found;
}

/** An object whose values are all strings; absent counts as empty. `what` names it in the error. */
export function strings(value: unknown, what: string): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isObject(value)) throw new Error(`${what} must be an object`);
  const entries = Object.entries(value).map(([key, each]): [string, string] => {
    if (typeof each !== "string") throw new Error(`${what}: ${key} must be a string`);
    return [key, each];
  });
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
