/** A question asked over HTTP: from the request to the answer, with one line of audit. */
import { sheets } from "../facts/index.ts";
import type { AnyProbe } from "../probe.ts";
import type { Report } from "../report.ts";
import { ask } from "./ask.ts";
import { audit, factsOf, type Log } from "./audit.ts";
import { decode } from "./decode.ts";
import type { Edge } from "./edge.ts";
import { refuseCrossSite, refuseEntry } from "./gate.ts";
import type { Answer, Request } from "./http.ts";
import { problemAnswer, type Problem } from "./problem.ts";
import { fit } from "./fit.ts";
import { show } from "./show.ts";

/** Answers a probe. Rejects only for a bug of ours. */
export async function answer(
  probe: AnyProbe,
  request: Request,
  edge: Edge,
  log: Log,
  decoding: typeof decode = decode,
): Promise<Answer> {
  const about = { event: "probe", probe: probe.name };
  const { caller, note, refuse } = audit(about, request, edge, log);
  const closed = refuseEntry(edge, request) ?? refuseForeign(probe, request);
  if (closed !== undefined) return refuse(closed);
  const decoded = await decoding(probe, request);
  if ("problem" in decoded) return refuse(decoded.problem);
  const foreign = refuseForeign(probe, request, decoded.question.asked);
  if (foreign !== undefined) return refuse(foreign);
  const { method, url, headers } = request;
  const outcome = await ask(decoded.question, edge, { method, url, headers }, caller);
  if ("problem" in outcome) return refuse(outcome.problem);
  const { report, refusal } = outcome;
  edge.meters.run(probe.name, report.verdict, report.timing);
  note(refusal?.status ?? statusOf(report), factsOf(report));
  if (refusal !== undefined) return problemAnswer(refusal);
  const { surface } = decoded;
  const body = fit(report, (whole) => surface.write(whole, sheets));
  return show(report, statusOf(report), surface, body);
}

/** Who connects to nothing may be asked by pages of other sites; what is asked is known only later. */
function refuseForeign(
  probe: AnyProbe,
  request: Request,
  asked?: Parameters<AnyProbe["run"]>[0],
): Problem | undefined {
  const connects = probe.connects === undefined || (asked !== undefined && probe.connects(asked));
  return connects ? refuseCrossSite(request) : undefined;
}

/** Measuring is 200, whatever was measured; a stated expectation that does not hold is 424. */
function statusOf(report: Report): number {
  return report.expected.every((one) => one.ok) ? 200 : 424;
}
