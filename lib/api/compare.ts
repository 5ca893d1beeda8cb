/** The settings of another app, pasted, against those of this one: for whom does this place stand? */
import { compareWith, readPasted } from "../platform/pasted.ts";
import { json, logLine } from "../surfaces/safe.ts";
import type { Log } from "./answer.ts";
import { readText } from "./body.ts";
import type { Edge } from "./edge.ts";
import { callerOf, refuseCrossSite, refuseEntry } from "./gate.ts";
import { jsonAnswer, type Answer, type Request } from "./http.ts";
import { badInput, problemAnswer, type Problem } from "./problem.ts";

const wanted =
  "the body must be the JSON of az webapp show, az webapp config show or az webapp config appsettings list, " +
  'or {"webapp": …, "config": …, "appsettings": …} of several';

/** Answers with `represents`, with what was kept of the body, and with a value for SONDE_BESIDE. */
export async function answerCompare(request: Request, edge: Edge, log: Log): Promise<Answer> {
  const caller = callerOf(edge, request);
  const refuse = (problem: Problem) => {
    log(logLine({ event: "compare", caller, status: problem.status, code: problem.code }));
    return problemAnswer(problem);
  };
  const closed = refuseEntry(edge, request) ?? refuseCrossSite(request);
  if (closed !== undefined) return refuse(closed);
  const body = await readText(request, ["application/json"]);
  if ("problem" in body) return refuse(body.problem);
  const value = parse(body.text);
  const pasted = readPasted(value);
  if (Object.keys(pasted).length === 0) return refuse(badInput("body", wanted));
  log(logLine({ event: "compare", caller, status: 200 }));
  return jsonAnswer(`${json({ ...compareWith(edge.environment, pasted), kept: pasted }, 2)}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // said to the caller as a 400
  }
}
