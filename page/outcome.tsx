/** One report, in the order in which a person under pressure needs it. */
import type { Report } from "../lib/report.ts";
import { Addresses } from "./addresses.tsx";
import { Certificates } from "./certificates.tsx";
import { Compare } from "./compare.tsx";
import { Facts } from "./facts.tsx";
import { Findings } from "./findings.tsx";
import { Arrived } from "./inbound.tsx";
import type { Question } from "./link.ts";
import { Names } from "./names.tsx";
import { Steps } from "./steps.tsx";
import { TakeAway } from "./takeaway.tsx";
import { firstOf } from "./tree.ts";
import { VerdictCard } from "./verdict.tsx";

interface OutcomeProps {
  readonly report: Report;
  readonly question: Question | undefined;
  readonly apiKey: string | undefined;
  readonly history: readonly Report[];
}

export function Outcome({ report, question, apiKey, history }: OutcomeProps) {
  return (
    <article key={report.id}>
      <VerdictCard report={report} />
      <Steps report={report} />
      <Findings report={report} />
      <Addresses report={report} />
      <Names report={report} apiKey={apiKey} />
      <Certificates report={report} />
      {report.probe === "echo" ? (
        <Arrived arrive={firstOf(report.result, "arrive")} />
      ) : (
        <Facts report={report} />
      )}
      <Compare report={report} history={history} />
      <TakeAway report={report} question={question} />
    </article>
  );
}
