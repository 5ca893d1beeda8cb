/** One report, in the order in which a person under pressure needs it. */
import { useEffect, useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { keyOf } from "./known.ts";
import { Addresses } from "./addresses.tsx";
import type { Task } from "./checks.ts";
import { Certificates } from "./certificates.tsx";
import { Compare } from "./compare.tsx";
import { Egress } from "./egress.tsx";
import { Facts } from "./facts.tsx";
import { Findings } from "./findings.tsx";
import { Arrived } from "./inbound.tsx";
import { Names } from "./names.tsx";
import { Steps } from "./steps.tsx";
import { TakeAway } from "./takeaway.tsx";
import { Place } from "./vantage.tsx";
import { VerdictCard } from "./verdict.tsx";

interface OutcomeProps {
  readonly report: Report;
  /** What was asked here; `undefined` for a report that was opened. */
  readonly task: Task | undefined;
  /** `undefined` for a report that was opened: nothing more can be asked in its place. */
  readonly apiKey: string | undefined;
  readonly history: readonly Report[];
}

export function Outcome(props: OutcomeProps) {
  const { report } = props;
  return (
    <article key={keyOf(report.id)}>
      <VerdictCard report={report} />
      <Egress report={report} />
      <Steps report={report} />
      <Findings report={report} />
      <Below {...props} />
    </article>
  );
}

/** What is read after that waits for the first paint, so that nobody waits for it. */
function Below({ report, task, apiKey, history }: OutcomeProps) {
  const [painted, setPainted] = useState(false);
  useEffect(() => setPainted(true), []);
  if (!painted) return null;
  return (
    <>
      <Addresses report={report} />
      <Names report={report} apiKey={apiKey} />
      <Certificates report={report} />
      <Rest report={report} />
      <Compare
        report={report}
        history={history}
        again={task === undefined || apiKey === undefined ? undefined : { task, apiKey }}
      />
      <TakeAway report={report} task={task} />
    </>
  );
}

/** What is told whole by a view of its own, or stage by stage. */
function Rest({ report }: { readonly report: Report }) {
  if (report.probe === "echo") return <Arrived report={report} />;
  return report.probe === "vantage" ? <Place report={report} /> : <Facts report={report} />;
}
