/**
 * `traceparent` (W3C Trace Context §3.2): which trace the request belongs to, so that it can be found in
 * the logs of every hop that records one. Anyone may send it.
 */
import { type Headers, valueOf } from "./headers.ts";

export interface Trace {
  /** Sixteen bytes in hexadecimal: the operation id of Application Insights. */
  readonly id?: string;
  /** Eight bytes: the span that sent the request. */
  readonly parent?: string;
  /** Whether the caller may have recorded it. */
  readonly sampled?: boolean;
  /** Why a receiver ignores it and starts a trace of its own. */
  readonly problem?: string;
}

/** Later versions may append further fields; `ff` is none. */
const shape = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** Nothing without the header. Never throws. */
export function traceOf(headers: Headers): Trace | undefined {
  const text = valueOf(headers, "traceparent");
  if (text === undefined) return undefined;
  const fields = shape.exec(text.trim())?.slice(1) ?? [];
  const problem = problemOf(fields);
  if (problem !== undefined) return { problem };
  const [, id = "", parent = "", flags = ""] = fields;
  return { id, parent, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function problemOf(fields: readonly (string | undefined)[]): string | undefined {
  const [version, id = "", parent = "", , more] = fields;
  if (version === undefined) return "it has not the form of a traceparent";
  if (version === "ff") return "version ff is forbidden";
  if (version === "00" && more !== undefined) return "version 00 has four fields";
  return [id, parent].some((one) => /^0+$/.test(one)) ? "an id of zeros is invalid" : undefined;
}
