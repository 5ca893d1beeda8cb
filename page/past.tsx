/** What was asked here before, and reports from elsewhere. */
import { useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { keyOf } from "./known.ts";
import { Code } from "./foreign.tsx";
import { forget, isOff, switchHistory } from "./history.ts";
import { Mark } from "./mark.tsx";
import { Open } from "./open.tsx";
import { clock, subjectOf } from "./words.ts";

interface PastProps {
  readonly history: readonly Report[];
  readonly setHistory: (history: readonly Report[]) => void;
  readonly open: (report: Report) => void;
}

export function Past({ history, setHistory, open }: PastProps) {
  const [off, setOff] = useState(isOff);
  return (
    <section aria-labelledby="history">
      <h2 id="history">
        History <small>the last 50, in this browser alone, without headers and bodies</small>
      </h2>
      <div class="row">
        <label class="check">
          <input
            type="checkbox"
            checked={!off}
            onChange={({ currentTarget }) => {
              setOff(!currentTarget.checked);
              setHistory(switchHistory(!currentTarget.checked));
            }}
          />
          Keep a history
        </label>
        <button type="button" disabled={history.length === 0} onClick={() => setHistory(forget())}>
          Clear
        </button>
        <Open label="Open a report" open={open} />
      </div>
      <ul class="batch">
        {history.map((report) => (
          <li key={keyOf(report.id)} class={report.verdict}>
            <button type="button" onClick={() => open(report)}>
              <Mark verdict={report.verdict} />
              <Code text={subjectOf(report)} />
              <span class="quiet">
                {report.probe}, {clock(report.at)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
