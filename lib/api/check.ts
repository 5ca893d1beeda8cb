/** `/api/check`: one target, or what stands for several, which is a suite then. */
import { leftOutOfSeveral } from "../platform/connection-string.ts";
import type { AnyProbe } from "../probe.ts";
import { answer } from "./answer.ts";
import type { Log } from "./audit.ts";
import { readBody } from "./body.ts";
import { decodePairs, type Decoded, type Pair } from "./decode.ts";
import type { Edge } from "./edge.ts";
import { headerOf, queryOf, type Answer, type Request } from "./http.ts";
import type { Refused } from "./problem.ts";
import { fillSetting } from "./setting.ts";
import { answerAsked, answerSmoke } from "./smoke.ts";

/** Hands over to the suite run where a suite, several targets or a setting with several places are meant. */
export async function answerCheck(
  check: AnyProbe,
  request: Request,
  edge: Edge,
  log: Log,
): Promise<Answer> {
  const once = readOnce(request);
  const query: readonly Pair[] = [...queryOf(request)];
  if (names(query, "suite")) return answerSmoke(once, edge, log);
  const body = await readBody(once);
  const one = (decoded: Decoded | Refused) => answer(check, once, edge, log, async () => decoded);
  if ("problem" in body) return one(body);
  const pairs = [...query, ...body.pairs];
  if (names(pairs, "suite")) return answerSmoke(once, edge, log);
  const filled = fillSetting(check, pairs, edge.environment);
  if ("problem" in filled) return one(filled);
  const [first = pairs, ...more] = filled;
  const targets = filled.flatMap((each) => each.filter(([name]) => name === "target"));
  if (more.length === 0 && targets.length < 2) {
    return one(decodePairs(check, first, headerOf(request, "accept")));
  }
  const suite = async () => ({ pairs: asSuite(pairs, targets), source: undefined });
  return answerAsked(once, edge, log, suite, leftOutOf(pairs));
}

/** Measuring is 200: several targets fail the request only where something was expected of them. */
function asSuite(pairs: readonly Pair[], targets: readonly Pair[]): readonly Pair[] {
  const others = pairs.filter(([name]) => name !== "target" && name !== "setting");
  const isDemanding = others.some(([name]) => name === "fail" || name.startsWith("expect."));
  return [...targets, ...others, ...(isDemanding ? [] : [["fail", "0"] as const])];
}

/** What connection strings with several places held beside them; of one place its own check tells. */
function leftOutOf(pairs: readonly Pair[]): readonly string[] {
  const found = pairs.flatMap(([name, value]) =>
    name === "target" && typeof value === "string" ? leftOutOfSeveral(value) : [],
  );
  const said = [...new Set(found)].join(", ");
  return said === "" ? [] : [`access: ${said} of the connection string were left out`];
}

function names(pairs: readonly Pair[], name: string): boolean {
  return pairs.some(([key, value]) => key === name && value !== "");
}

/** A body can be read once; who decides what a request is, and who answers it, both want it. */
function readOnce(request: Request): Request {
  let text: Promise<string> | undefined;
  return { ...request, text: () => (text ??= request.text()) };
}
