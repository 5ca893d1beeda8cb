/** What leaves this page: links, commands, Markdown and the report itself. Never the key. */
import type { Report } from "../lib/report.ts";
import { isKnown, keyOf } from "./known.ts";
import { suiteYaml, type Task } from "./checks.ts";
import { curl, powershell, sonde } from "./commands.ts";
import { Copy, CopyLine } from "./copy.tsx";
import { hashOf } from "./link.ts";
import { ticket } from "./ticket.ts";

interface TakeAwayProps {
  readonly report: Report;
  /** What was asked here; `undefined` for a report that was opened. */
  readonly task: Task | undefined;
}

export function TakeAway({ report, task }: TakeAwayProps) {
  const here = `${location.origin}${location.pathname}`;
  const link = task?.question === undefined ? "" : here + hashOf(task.question);
  return (
    <section aria-labelledby="take" class="take">
      <h2 id="take">Take it with you</h2>
      <div class="row">
        {task === undefined ? null : <Again task={task} link={link} />}
        <Copy label="Copy Markdown" text={() => ticket(report, link)} />
        <button type="button" onClick={() => download(report, report.probe)}>
          Download JSON
        </button>
        <button type="button" onClick={() => window.print()}>
          Print
        </button>
      </div>
      {report.reproduce.length === 0 ? null : <h3>The same with other tools</h3>}
      {report.reproduce.map((command) => (
        <CopyLine key={keyOf(command)} text={command} />
      ))}
    </section>
  );
}

/** The same question for somebody else, in every form in which it can be asked. */
function Again({ task, link }: { readonly task: Task; readonly link: string }) {
  const { question, check, title, api, input } = task;
  const suite = api === "smoke" && isKnown(input) ? input : {};
  const base = new URL(".", `${location.origin}${location.pathname}`).href;
  const [target = ""] = question?.targets ?? [];
  return (
    <>
      {question === undefined ? null : (
        <>
          <Copy label="Copy link" text={() => link} />
          <Copy label="Copy curl" text={() => curl(base, question, target)} />
          <Copy label="Copy PowerShell" text={() => powershell(base, question, target)} />
          <Copy label="Copy sonde" text={() => sonde(question, target)} />
        </>
      )}
      <Copy
        label="Copy suite YAML"
        text={() => suiteYaml({ version: 1, name: title, ...suite, checks: [check] })}
      />
    </>
  );
}

/** Hands out what was measured as a file, which this page and `api/render` read again. */
export function download(measured: Report | readonly Report[], name: string): void {
  const json = `${JSON.stringify(measured, null, 2)}\n`;
  const file = new Blob([json], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  const at = ([measured].flat()[0]?.at ?? "").replaceAll(":", "");
  link.download = `sonde-${name}-${at}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
