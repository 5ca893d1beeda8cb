/** This report beside another one: from the history, pasted, or opened from a file. */
import { useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { differences } from "./differ.ts";
import { Code, Foreign } from "./foreign.tsx";
import { parse } from "./known.ts";
import { Mark } from "./mark.tsx";
import { isReport } from "./shape.ts";
import { placeOf, subjectOf } from "./words.ts";

interface CompareProps {
  readonly report: Report;
  readonly history: readonly Report[];
}

export function Compare({ report, history }: CompareProps) {
  const [other, setOther] = useState<Report | undefined>(undefined);
  const [wrong, setWrong] = useState(false);
  const past = history.filter((one) => one.id !== report.id);
  const read = (json: string) => {
    const value = parse(json);
    setOther(isReport(value) ? value : undefined);
    setWrong(json.trim() !== "" && !isReport(value));
  };
  return (
    <details class="compare">
      <summary>
        <h2>Compare</h2>
      </summary>
      <div class="row">
        {past.length === 0 ? null : (
          <label>
            With the history
            <select
              onChange={({ currentTarget }) => {
                setWrong(false);
                setOther(past.find((one) => one.id === currentTarget.value));
              }}
            >
              <option value="">choose…</option>
              {past.map((one) => (
                <option key={one.id} value={one.id}>
                  {`${new Date(one.at).toLocaleString()} ${one.verdict} ${subjectOf(one)}`}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          With a report of another Sonde: paste its JSON
          <textarea
            rows={2}
            spellcheck={false}
            onInput={({ currentTarget }) => read(currentTarget.value)}
          />
        </label>
      </div>
      {wrong ? <p class="note fail">That is no report of a Sonde.</p> : null}
      {other === undefined ? null : <Differing left={report} right={other} />}
    </details>
  );
}

function Differing({ left, right }: { readonly left: Report; readonly right: Report }) {
  const found = differences(left, right);
  if (found.length === 0) return <p role="status">Nothing differs but the times.</p>;
  return (
    <>
      <p role="status">{found.length} differ.</p>
      <table class="differ">
        <thead>
          <tr>
            <th scope="col">What</th>
            <Side report={left} title="This" />
            <Side report={right} title="The other" />
          </tr>
        </thead>
        <tbody>
          {found.map((one) => (
            <tr key={one.path}>
              <th scope="row">
                <Foreign text={one.path} />
              </th>
              <td>{one.left === undefined ? <i>nothing</i> : <Code text={one.left} />}</td>
              <td>{one.right === undefined ? <i>nothing</i> : <Code text={one.right} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Side({ report, title }: { readonly report: Report; readonly title: string }) {
  return (
    <th scope="col">
      {title} <Mark verdict={report.verdict} />
      <br />
      <small>
        <Foreign text={placeOf(report.vantage)} />
      </small>
    </th>
  );
}
