/** Whether something is a report: of this Sonde, or of another one that somebody pasted. */
import type { Finding, Report } from "../lib/report.ts";
import { isKnown } from "./known.ts";

type Test = (value: unknown) => boolean;

const text: Test = (value) => typeof value === "string";
const number: Test = (value) => typeof value === "number";
const flag: Test = (value) => typeof value === "boolean";
const maybe =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const many =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const among =
  (...words: readonly string[]): Test =>
  (value) =>
    words.some((word) => word === value);
const shape =
  (members: Readonly<Record<string, Test>>): Test =>
  (value) =>
    isKnown(value) && Object.entries(members).every(([name, test]) => test(value[name]));

const step = shape({
  name: text,
  on: maybe(text),
  verdict: among("pass", "fail", "skip"),
  startMs: maybe(number),
  ms: maybe(number),
  code: maybe(text),
});

const finding = shape({
  code: text,
  severity: among("fail", "warn", "info"),
  blame: text,
  confidence: text,
  title: text,
  why: text,
  evidence: text,
  on: many(text),
  rivals: many(text),
  next: many(text),
  commands: many(text),
  docs: maybe(text),
});

const represents = shape({
  app: text,
  basis: text,
  same: many(text),
  differs: many(text),
  unknown: many(text),
});

const report = shape({
  schema: (value) => value === 1,
  id: text,
  ok: flag,
  verdict: among("pass", "warn", "fail", "skip", "error"),
  summary: text,
  probe: text,
  target: maybe(shape({ input: text, scheme: text, host: text, port: maybe(number) })),
  steps: many(step),
  result: isKnown,
  findings: many(finding),
  expected: many(shape({ key: text, wanted: text, actual: text, ok: flag, on: maybe(text) })),
  proved: many(text),
  notProved: many(text),
  vantage: shape({ app: text, platform: text, version: text, represents }),
  timing: shape({ quality: text, loopDelayMs: number, inFlight: number }),
  reproduce: many(text),
  at: text,
  ms: number,
});

export function isFinding(value: unknown): value is Finding {
  return finding(value);
}

export function isReport(value: unknown): value is Report {
  return report(value);
}
