/** The line that each question leaves in the log, whether it was answered or turned away. */
import type { Report } from "../report.ts";
import { logLine, type LogRecord } from "../surfaces/safe.ts";
import type { Edge } from "./edge.ts";
import { callerOf } from "./gate.ts";
import type { Answer, Request } from "./http.ts";
import { problemAnswer, type Problem } from "./problem.ts";

export type Log = (line: string) => void;

export interface Audit {
  readonly caller: string;
  /** Writes the line of an answer. */
  readonly note: (status: number, facts?: LogRecord) => void;
  /** Writes the line of a refusal, counts it, and gives the answer that says it. */
  readonly refuse: (problem: Problem, facts?: LogRecord) => Answer;
}

/** Begins when the request came: `about` says what kind of question it is. */
export function audit(about: LogRecord, request: Request, edge: Edge, log: Log): Audit {
  const start = performance.now();
  const caller = callerOf(edge, request);
  const note = (status: number, facts: LogRecord = {}) => {
    const ms = Math.round(performance.now() - start);
    log(logLine({ ...about, caller, status, ms, ...facts }));
  };
  return {
    caller,
    note,
    refuse(problem, facts = {}) {
      edge.meters.refused(problem.code);
      note(problem.status, { ...facts, code: problem.code });
      return problemAnswer(problem);
    },
  };
}

/** What the log keeps of a report: whom it connected to, and how that ended; no path and no query. */
export function factsOf({ id, verdict, target, findings }: Report): LogRecord {
  const { scheme, host, port } = target ?? {};
  return { run: id, verdict, scheme, host, port, code: findings[0]?.code };
}
