/** Keeps an answer within its size, and says so when something had to go. */
import type { Report } from "../report.ts";

const MOST = 256 * 1024;

/** Writes the report; when that is too much, writes it again with ever shorter lists and strings. */
export function fit(report: Report, write: (report: Report) => string): string {
  const whole = write(report);
  if (whole.length <= MOST / 4 || Buffer.byteLength(whole) <= MOST) return whole;
  for (const shorter of cuts(report)) {
    const text = write(shorter);
    if (Buffer.byteLength(text) <= MOST) return text;
  }
  return write(emptied(report));
}

/** All checks together, as JSON without spaces; each may have an equal part, and never more than a report. */
const MOST_OF_SUITE = 4 * 1024 * 1024;

/** A suite whose reports are within their size, each on its own: none is lost for another. */
export function fitSuite(report: Report): Report {
  const { checks = [] } = report;
  const most = Math.min(MOST, MOST_OF_SUITE / Math.max(1, checks.length));
  return { ...report, checks: checks.map((check) => fitted(check, most)) };
}

function fitted(report: Report, most: number): Report {
  if (isSmall(report, most) || JSON.stringify(report).length <= most) return report;
  for (const shorter of cuts(report)) {
    if (JSON.stringify(shorter.result).length <= most / 2) return shorter;
  }
  return emptied(report);
}

/** The report with ever shorter lists and strings in its result. */
function* cuts(report: Report): Generator<Report> {
  for (const most of [64, 16, 4]) {
    yield { ...report, result: { ...record(shorten(report.result, most)), truncated: true } };
  }
}

function emptied(report: Report): Report {
  return { ...report, result: { truncated: true } };
}

/** So much more than its letters a value may take: quotes, commas, and escapes of six octets. */
const AS_JSON = 8;

/** Whether a value is within its size whatever is in it; most reports are, and need not be written to know. */
function isSmall(value: unknown, most: number): boolean {
  return most - sizeOf(value, most) >= 0;
}

/** At least what a value takes as JSON, its comma included; counted no further than `most`. */
function sizeOf(value: unknown, most: number): number {
  if (typeof value === "string") return value.length * AS_JSON + AS_JSON;
  if (typeof value !== "object" || value === null) return 4 * AS_JSON;
  let size = AS_JSON;
  for (const key in value) {
    size += (key.length + 1) * AS_JSON + sizeOf(Reflect.get(value, key), most - size);
    if (size > most) break;
  }
  return size;
}

function shorten(value: unknown, most: number): unknown {
  if (typeof value === "string")
    return value.length > most * 16 ? `${value.slice(0, most * 16)}…` : value;
  if (Array.isArray(value)) return value.slice(0, most).map((one: unknown) => shorten(one, most));
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shorten(one, most)]))
    : value;
}

function record(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
