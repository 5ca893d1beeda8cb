/** A suite as somebody wrote it, in the body of a request. */
import { parseLines, parseSuite } from "../suite/read.ts";
import type { Source } from "../yaml.ts";
import type { Body } from "./body.ts";
import { mediaTypeOf, type Request } from "./http.ts";
import type { Refused } from "./problem.ts";
import { problemOf } from "./checks.ts";

const LINES = "text/plain";

/** The types that only a suite has: YAML, or a target a line. */
export const writtenTypes: readonly string[] = [
  "application/yaml",
  "application/x-yaml",
  "text/yaml",
  "text/x-yaml",
  LINES,
];

/** Whether the body can be nothing but a suite. */
export function isWritten(request: Request): boolean {
  return request.method === "POST" && writtenTypes.includes(mediaTypeOf(request) ?? "");
}

/** The document in a body, JSON among them. */
export async function documentIn({ text, type }: Body): Promise<Source | Refused> {
  const source = type === LINES ? parseLines(text) : await parseSuite(text);
  return "wrong" in source ? { problem: problemOf(source) } : source;
}
