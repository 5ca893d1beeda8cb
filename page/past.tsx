/** What was asked here before, and reports from elsewhere. */
import { useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { keyOf } from "./known.ts";
import { forget, isOff, switchHistory } from "./history.ts";
import { Open } from "./open.tsx";
import { Row } from "./row.tsx";
import { clock, subjectOf } from "./words.ts";

interface PastProps {
  readonly history: readonly Report[];
  readonly setHistory: (history: readonly Report[]) => void;
  readonly open: (reports: readonly Report[]) => void;
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
        <Open label="Open reports" open={open} />
      </div>
      <ul class="batch">
        {history.map((report) => (
          <Row
            key={keyOf(report.id)}
            verdict={report.verdict}
            title={subjectOf(report)}
            said={`${report.probe}, ${clock(report.at)}`}
            current={false}
            choose={() => open([report])}
          />
        ))}
      </ul>
    </section>
  );
}
