/** A report as Markdown for a ticket: short enough to be read there, and nothing in it is markup. */
import type { Report } from "../lib/report.ts";
import { visible } from "./visible.ts";
import { placeOf } from "./words.ts";

export function ticket(report: Report, link: string): string {
  const { summary, findings, steps, expected, proved, notProved, reproduce } = report;
  const blocks = [
    [`## ${code(summary)}`],
    [`Measured from ${code(placeOf(report.vantage))} at ${report.at}, run ${code(report.id)}.`],
    ...findings.map((one) => [
      `**${one.severity} ${code(one.code)}**: ${code(one.title)}`,
      "",
      ...labelled("Why", [one.why]),
      ...labelled("Seen", [one.evidence]),
      ...labelled("Blame", [`${one.blame}, ${one.confidence}`]),
      ...labelled("Or else", one.rivals),
      ...labelled("Next", one.next),
      ...labelled("Run", one.commands),
    ]),
    [
      "| step | on | result | ms | code |",
      "| --- | --- | --- | ---: | --- |",
      ...steps.map((one) =>
        ["", code(one.name), code(one.on), one.verdict, one.ms ?? "", code(one.code), ""]
          .join(" | ")
          .trim(),
      ),
    ],
    expected.flatMap((one) =>
      labelled(one.ok ? "Held" : "Broken", [
        `${one.key}: wanted ${one.wanted}, found ${one.actual}`,
      ]),
    ),
    [
      ...labelled("Proved", proved),
      ...labelled("Not proved", notProved),
      ...labelled("Repeat", reproduce),
    ],
    link === "" ? [] : [code(link)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function labelled(label: string, said: readonly string[]): string[] {
  return said.map((one) => `- ${label}: ${code(one)}`);
}

/** A code span is the one place where nobody is mentioned and nothing is linked (CommonMark 6.1). */
function code(text = ""): string {
  if (text === "") return "";
  // `##[…]` and `::…` are commands to build agents that print the ticket.
  const safe = visible(text)
    .replaceAll("|", "\\u007c")
    .replaceAll("##", "#\\u0023")
    .replace(/^::/, ":\\u003a");
  const longest = Math.max(0, ...(safe.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? fence + safe + fence : `${fence} ${safe} ${fence}`;
}
