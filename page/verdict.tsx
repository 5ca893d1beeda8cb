/** The answer in one sentence, and how far it reaches. */
import type { Report } from "../lib/report.ts";
import { keyOf } from "./known.ts";
import { Code, Foreign } from "./foreign.tsx";
import { Mark } from "./mark.tsx";
import { factsOf } from "./tree.ts";
import { clock, placeOf, stageName, subjectOf, time } from "./words.ts";

/** The sentence that leads: also what a screen reader is told when the answer comes. */
export function headline({ verdict, findings, expected, steps }: Report): string {
  const [lead] = findings;
  const broken = expected.find((one) => !one.ok);
  const blames = lead !== undefined && lead.severity !== "info";
  if (verdict === "pass") return passing(steps, expected.length > 0);
  if (broken !== undefined && !(blames && lead.severity === "fail")) {
    return `Not as expected: ${broken.key}`;
  }
  if (lead !== undefined) return lead.title;
  return verdict === "skip" ? "Nothing was done" : "It stopped on the way";
}

/** A port that must stay closed passes by a step that fails, and a view beside a question fails nothing. */
function passing(steps: Report["steps"], expects: boolean): string {
  if (steps.some((one) => one.verdict !== "pass")) return expects ? "As expected" : "Works";
  return steps.length > 0 ? "Works: every step passed" : "Works";
}

export function VerdictCard({ report }: { readonly report: Report }) {
  const { verdict, summary, steps, findings, at, ms, timing, vantage } = report;
  const [lead] = findings;
  const broken = verdict === "pass" ? [] : steps.filter((one) => one.verdict === "fail");
  // Of several the one that the sentence is about.
  const failed = broken.find((one) => one.code === lead?.code) ?? broken[0];
  return (
    <section class={`card verdict ${verdict}`} aria-labelledby="verdict">
      <p class="line">
        <Mark verdict={verdict} /> <Code text={subjectOf(report)} />
      </p>
      <h2 id="verdict">
        <Foreign text={headline(report)} />
      </h2>
      {failed === undefined ? null : (
        <p>
          Breaks at{" "}
          <b>
            <Foreign text={stageName(failed.name)} />
          </b>
          {failed.on === undefined ? "" : " on "}
          {failed.on === undefined ? null : <Code text={failed.on} />} after {time(failed.ms)}.{" "}
          {leadsOn(report) ? "A redirect led there. " : ""}
          <Foreign text={lead?.why} />
        </p>
      )}
      <p class="summary">
        <Foreign text={summary} />
      </p>
      <Proof report={report} />
      <p class="quiet">
        <Foreign text={placeOf(vantage)} /> · <time dateTime={at}>{clock(at)}</time> · {time(ms)} in
        all
        {timing.quality === "good"
          ? ""
          : ` · this instance was busy: times may be ${time(timing.loopDelayMs)} too long`}
      </p>
    </section>
  );
}

/** Whether what was asked for pointed somewhere else, and that was asked as well. */
function leadsOn({ result }: Report): boolean {
  return factsOf(result, "request").some(({ facts }) => facts["followed"]);
}

function Proof({ report: { proved, notProved, expected } }: { readonly report: Report }) {
  return (
    <div class="proof">
      <Claims title="Shown" claims={proved} />
      <Claims title="Not shown" claims={notProved} />
      {expected.length === 0 ? null : (
        <div>
          <h3>Expected</h3>
          <ul class="plain">
            {expected.map(({ key, wanted, actual, ok, on }) => (
              <li key={`${key} ${on}`}>
                <Mark verdict={ok ? "pass" : "fail"} /> {key}: wanted <Code text={wanted} />, found{" "}
                <Code text={actual} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

export function Claims({
  title,
  claims,
}: {
  readonly title: string;
  readonly claims: readonly string[];
}) {
  if (claims.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {claims.map((claim) => (
          <li key={keyOf(claim)}>
            <Foreign text={claim} />
          </li>
        ))}
      </ul>
    </div>
  );
}
