/** This report beside others: from the history, pasted, opened from a file, or of other instances. */
import { useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import type { Task } from "./checks.ts";
import { Differing } from "./difference.tsx";
import { Foreign } from "./foreign.tsx";
import { Instances } from "./instances.tsx";
import { parse, keyOf } from "./known.ts";
import { Mark } from "./mark.tsx";
import { Open } from "./open.tsx";
import { isReport } from "./shape.ts";
import { visible } from "./visible.ts";
import { clock, placeOf, subjectOf } from "./words.ts";

interface CompareProps {
  readonly report: Report;
  readonly history: readonly Report[];
  /** How to ask the same again; `undefined` for a report that was opened. */
  readonly again: { readonly task: Task; readonly apiKey: string } | undefined;
}

export function Compare({ report, history, again }: CompareProps) {
  const [other, setOther] = useState<Report | undefined>(undefined);
  const past = history.filter((one) => one.id !== report.id);
  return (
    <details class="compare">
      <summary>
        <h2>Compare</h2>
      </summary>
      {again === undefined ? null : <Instances {...again} />}
      <h3>With another report</h3>
      <div class="row">
        {past.length === 0 ? null : <Past reports={past} choose={setOther} />}
        <PastedReport choose={setOther} />
        <Open label="Or open its file" open={([first]) => setOther(first)} />
      </div>
      {other === undefined ? null : (
        <Differing
          columns={[
            { title: <Side report={report} title="This" />, report },
            { title: <Side report={other} title="The other" />, report: other },
          ]}
        />
      )}
    </details>
  );
}

interface ChooseProps {
  readonly choose: (report: Report | undefined) => void;
}

function Past({ reports, choose }: ChooseProps & { readonly reports: readonly Report[] }) {
  return (
    <label>
      From the history
      <select
        onChange={({ currentTarget }) => {
          choose(reports.find((one) => one.id === currentTarget.value));
        }}
      >
        <option value="">choose…</option>
        {reports.map((one) => (
          <option key={keyOf(one.id)} value={one.id}>
            {visible(`${clock(one.at)} ${one.verdict} ${subjectOf(one)}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

function PastedReport({ choose }: ChooseProps) {
  const [wrong, setWrong] = useState(false);
  return (
    <label>
      Of another Sonde: paste its JSON
      <textarea
        rows={1}
        spellcheck={false}
        onInput={({ currentTarget }) => {
          const value = parse(currentTarget.value);
          choose(isReport(value) ? value : undefined);
          setWrong(currentTarget.value.trim() !== "" && !isReport(value));
        }}
      />
      {wrong ? <span class="note fail">That is no report of a Sonde.</span> : null}
    </label>
  );
}

function Side({ report, title }: { readonly report: Report; readonly title: string }) {
  return (
    <>
      {title} <Mark verdict={report.verdict} />
      <br />
      <small>
        <Foreign text={placeOf(report.vantage)} />
      </small>
    </>
  );
}
