/** Where a suite stands that a request asks: in its body, under a name, or as targets of its query. */
import type { Source } from "../yaml.ts";
import { isFromGate, pairsOf, readText } from "./body.ts";
import { isOn, type Pair } from "./decode.ts";
import type { Edge } from "./edge.ts";
import { queryOf, type Request } from "./http.ts";
import { postedIn, readPosted, type Posted } from "./posted.ts";
import type { Refused } from "./problem.ts";
import { suiteNamed } from "./suites.ts";
import { documentIn, writtenTypes } from "./written.ts";

export interface Asked {
  readonly pairs: readonly Pair[];
  /** Absent where the targets stand in the pairs. */
  readonly source: Source | undefined;
}

const types = ["application/json", ...writtenTypes];

/** GET and POST are the same operation: what a query says may stand in a JSON body as well. */
export async function readAsked(request: Request, edge: Edge): Promise<Asked | Refused> {
  const query: readonly Pair[] = [...queryOf(request)];
  if (nameIn(query) !== undefined) {
    const posted = await readPosted(request);
    return "problem" in posted ? posted : byName(query, posted, edge);
  }
  if (request.method !== "POST") return { pairs: query, source: undefined };
  const body = await readText(request, types);
  if ("problem" in body) return body;
  if (body.text === "") return { pairs: query, source: undefined };
  const source = await documentIn(body);
  if ("problem" in source) return source;
  const { value } = source;
  if (!isQuery(value)) return { pairs: query, source };
  const posted = postedIn(value) ?? { pairs: { ...value }, settings: undefined };
  return byName(query, posted, edge);
}

/** The suite that the pairs name, if they name one. */
export async function byName(
  query: readonly Pair[],
  { pairs: members, settings }: Posted,
  edge: Edge,
): Promise<Asked | Refused> {
  const pairs = [...query, ...pairsOf(members)];
  const suite = nameIn(pairs);
  if (suite === undefined) return { pairs, source: undefined };
  const token = pairs.some(([name, value]) => name === "token" && isOn(value));
  const source = await suiteNamed({ suite, token, settings }, edge);
  return "problem" in source ? source : { pairs, source };
}

function nameIn(pairs: readonly Pair[]): string | undefined {
  const [, name] = pairs.findLast(([key]) => key === "suite") ?? [];
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** No suite of its own: its targets or its name stand where a query would have them, or in the query itself. */
function isQuery(value: unknown): value is object {
  if (typeof value !== "object" || value === null || "checks" in value) return false;
  return "target" in value || "suite" in value || isFromGate(value);
}
