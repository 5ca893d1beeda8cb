/** Strings that want to be more than text, and reports made of them. */
import * as fc from "fast-check";
import type { Report } from "../../lib/report.ts";

const marks = [
  "##vso[task.setvariable variable=PATH]/tmp",
  "##[error]",
  "##teamcity[buildStop]",
  "::error title=x::gone",
  "::add-mask::a",
  "\u001b[2J\u001b]0;title\u0007",
  "\u009b31m",
  "\u202egpj.exe",
  "\ud800",
  "\r\n",
  "<script>alert(1)</script>",
  "![x](https://tracker.example.test/a.png)",
  "[click](javascript:alert(1))",
  "@everyone",
  "#1",
  "owner/name#2",
  "www.example.test",
  "someone@example.test",
  "| a | b |",
  "\\|",
  "``` `` `",
  "**bold** _it_ ~~no~~ $x$",
  "'\"",
  "2001:db8:85a3:1319:8a2e:370:7344:1001",
  "word",
  " ",
  "x".repeat(130),
];

export const hostile = fc
  .array(fc.oneof(fc.constantFrom(...marks), fc.string({ unit: "binary" })), { maxLength: 12 })
  .chain((parts) => fc.constantFrom("", " ", "\t", "\n").map((glue) => parts.join(glue)));

/** Fields whose values are a closed list. */
const closed = new Set(["verdict", "severity", "blame", "confidence", "basis", "quality"]);

/** The report with every free string in it replaced. The shape stays, so the type does. */
export function poisoned(report: Report, poison: string): Report {
  return JSON.parse(JSON.stringify(report), (key, value: unknown) =>
    typeof value === "string" && !closed.has(key) ? poison : value,
  );
}
