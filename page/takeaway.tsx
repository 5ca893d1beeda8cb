/** What leaves this page: links, commands, Markdown and the report itself. Never the key. */
import type { Report } from "../lib/report.ts";
import { curl, powershell, sonde } from "./commands.ts";
import { Copy, CopyLine } from "./copy.tsx";
import { hashOf, type Question } from "./link.ts";
import { ticket } from "./ticket.ts";

interface TakeAwayProps {
  readonly report: Report;
  /** What was asked here; `undefined` for a report that was opened. */
  readonly question: Question | undefined;
}

export function TakeAway({ report, question }: TakeAwayProps) {
  const here = `${location.origin}${location.pathname}`;
  const base = new URL(".", here).href;
  const [target = ""] = question?.targets ?? [];
  const link = question === undefined ? "" : here + hashOf(question);
  return (
    <section aria-labelledby="take" class="take">
      <h2 id="take">Take it with you</h2>
      <div class="row">
        {question === undefined ? null : (
          <>
            <Copy label="Copy link" text={() => link} />
            <Copy label="Copy curl" text={() => curl(base, question, target)} />
            <Copy label="Copy PowerShell" text={() => powershell(base, question, target)} />
            <Copy label="Copy sonde" text={() => sonde(question, target)} />
          </>
        )}
        <Copy label="Copy Markdown" text={() => ticket(report, link)} />
        <button type="button" onClick={() => download(report)}>
          Download JSON
        </button>
        <button type="button" onClick={() => window.print()}>
          Print
        </button>
      </div>
      {report.reproduce.length === 0 ? null : <h3>The same with other tools</h3>}
      {report.reproduce.map((command) => (
        <CopyLine key={command} text={command} />
      ))}
    </section>
  );
}

function download(report: Report): void {
  const file = new Blob([`${JSON.stringify(report, null, 2)}\n`], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `sonde-${report.probe}-${report.at.replaceAll(":", "")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
