/** A small, strict part of JSONPath (RFC 9535): the root, names and indices, nothing that searches. */
import { parseJson } from "./json.ts";

export type JsonPath = readonly (string | number)[];

/** At most so many steps: a path is a name for one value, not a programme. */
const STEPS = 16;

/** Reads `$.a.b[0]`. Names are letters, digits, `_` and `-`; `undefined` for anything else. */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!/^\$(?:\.[A-Za-z_][\w-]{0,63}|\[\d{1,5}\])*$/.test(text)) return undefined;
  const steps = [...text.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, name, index]) =>
    name === undefined ? Number(index) : name,
  );
  return steps.length > STEPS ? undefined : steps;
}

/** The value at a path, as text: `undefined` when the text is not JSON or nothing is there. */
export function valueAt(json: string, path: JsonPath): string | undefined {
  let value = parseJson(json);
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    // An index is for arrays, a name for objects: `length` is nobody's member.
    if (Array.isArray(value) !== (typeof step === "number")) return undefined;
    if (!Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
