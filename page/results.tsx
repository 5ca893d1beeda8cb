/** What came of the last question: a list where there were several, and one report in full. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Run } from "./asking.ts";
import { Batch } from "./batch.tsx";
import { Outcome } from "./outcome.tsx";
import { worst, type Runs } from "./runs.ts";
import { needsKey, type Page } from "./state.ts";
import { TroubleCard } from "./trouble.tsx";
import { time } from "./words.ts";

export function Results({ page }: { readonly page: Page }) {
  const { runs, state } = page.runs;
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const report = useRef<HTMLDivElement>(null);
  const several = runs.length > 1;
  const shown = shownOf(page.runs, chosen);
  // What was chosen belongs to this round of questions alone.
  useEffect(() => setChosen(undefined), [runs[0]?.input]);
  useEffect(() => {
    if (chosen !== undefined) report.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <>
      {several ? (
        <Batch
          runs={page.runs}
          chosen={shown}
          choose={setChosen}
          stop={page.origin === "Check" ? undefined : page.runs.stop}
        />
      ) : null}
      {state === "idle" || several ? null : <Waiting />}
      <div ref={report}>
        {shown === undefined ? <Greeting page={page} /> : <One run={shown} page={page} />}
      </div>
    </>
  );
}

/** The chosen one; without a choice the worst, once all of several are there. */
function shownOf({ runs, state }: Runs, chosen: number | undefined): Run | undefined {
  const picked = chosen === undefined ? undefined : runs[chosen];
  if (picked?.answer !== undefined) return picked;
  return runs.length > 1 && state !== "idle" ? undefined : worst(runs);
}

/** Before anything was asked: only trouble is worth a word. */
function Greeting({ page: { last, runs } }: { readonly page: Page }) {
  const troubled = last !== undefined && "trouble" in last && runs.runs.length === 0;
  return troubled ? <TroubleCard trouble={last.trouble} /> : null;
}

/** How long it has been, and what such a time can mean. */
function Waiting() {
  const [ms, setMs] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setMs(performance.now() - start), 500);
    return () => clearInterval(timer);
  }, []);
  const meaning =
    ms > 10_000
      ? "An app that sleeps may take a minute to wake."
      : "A silent target is waited for, up to 5 s a step.";
  return (
    <p class="waiting">
      <progress aria-label="Measuring" /> Measuring… {ms > 1500 ? `${time(ms)}. ${meaning}` : ""}
    </p>
  );
}

function One({ run, page }: { readonly run: Run; readonly page: Page }) {
  const { answer, state } = run;
  if (answer === undefined)
    return state === "stopped" ? <p>Stopped before an answer came.</p> : null;
  if ("document" in answer) return null;
  if ("report" in answer) {
    // What was not asked for by itself here cannot be asked again.
    const [task, apiKey] = run.api === "" ? [] : [run, page.key];
    return <Outcome report={answer.report} {...{ task, apiKey }} history={page.history} />;
  }
  const { trouble } = answer;
  return (
    <TroubleCard trouble={trouble}>
      <div class="row">
        {needsKey(answer) ? null : (
          <button type="button" onClick={page.again}>
            Ask again
          </button>
        )}
        {trouble.status === 403 && trouble.problem !== undefined ? (
          <button type="button" onClick={() => page.setView("Policy")}>
            Show the policy
          </button>
        ) : null}
      </div>
    </TroubleCard>
  );
}
