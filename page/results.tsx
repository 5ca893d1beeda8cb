/** What came of the last question: a list where there were several, and one report in full. */
import { useState } from "preact/hooks";
import { Batch } from "./batch.tsx";
import { Outcome } from "./outcome.tsx";
import { sorted, type Run } from "./runs.ts";
import { needsKey, type Page } from "./state.ts";
import { TroubleCard } from "./trouble.tsx";
import { useSlow } from "./slow.ts";

export function Results({ page }: { readonly page: Page }) {
  const { runs, busy } = page.runs;
  const [chosen, choose] = useState<string | undefined>(undefined);
  const several = runs.length > 1;
  const shown =
    runs.find((run) => run.target === chosen && run.answer !== undefined) ??
    (several && busy ? undefined : sorted(runs, busy)[0]);
  return (
    <>
      {several ? <Batch runs={runs} busy={busy} chosen={shown?.target} choose={choose} /> : null}
      {busy && !several ? <Waiting /> : null}
      {shown === undefined ? <Greeting page={page} /> : <One run={shown} page={page} />}
    </>
  );
}

/** Before anything was asked: only trouble is worth a word. */
function Greeting({ page: { last, runs } }: { readonly page: Page }) {
  const troubled = last !== undefined && "trouble" in last && runs.runs.length === 0;
  return troubled ? <TroubleCard trouble={last.trouble} /> : null;
}

function Waiting() {
  const slow = useSlow(8000);
  return (
    <p class="waiting">
      <progress aria-label="Measuring" /> Measuring…
      {slow ? " An app that was asleep may take a minute to wake." : ""}
    </p>
  );
}

function One({ run, page }: { readonly run: Run; readonly page: Page }) {
  const { answer, question, state } = run;
  if (answer === undefined)
    return state === "stopped" ? <p>Stopped before an answer came.</p> : null;
  if ("document" in answer) return null;
  if ("report" in answer) {
    return (
      <Outcome
        report={answer.report}
        question={question}
        apiKey={page.key}
        history={page.history}
      />
    );
  }
  const { trouble } = answer;
  return (
    <TroubleCard trouble={trouble}>
      <div class="row">
        {needsKey(answer) ? null : (
          <button type="button" onClick={() => page.run(page.draft)}>
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
