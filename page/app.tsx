/** The frame of the page: where this is, the views, the box, and what came back. */
import { useEffect } from "preact/hooks";
import type { Vantage } from "../lib/report.ts";
import { Catalogue } from "./catalogue.tsx";
import { Inbound } from "./inbound.tsx";
import { KeyBox } from "./keybox.tsx";
import { Outcome } from "./outcome.tsx";
import { Past } from "./past.tsx";
import { Policy } from "./policy.tsx";
import { QuestionForm } from "./question.tsx";
import { Results } from "./results.tsx";
import type { Runs } from "./runs.ts";
import { useShortcuts } from "./shortcuts.ts";
import { needsKey, usePage, views, type Page } from "./state.ts";
import { titleOf } from "./trouble.tsx";
import { headline } from "./verdict.tsx";
import { placeOf, standing, subjectOf } from "./words.ts";

export function App() {
  const page = usePage();
  const { key, view, setView, vantage, runs } = page;
  const { arrive } = page;
  useEffect(arrive, []);
  useEffect(() => {
    addEventListener("hashchange", arrive);
    return () => removeEventListener("hashchange", arrive);
  });
  useShortcuts(() => setView("Check"), runs.stop);
  return (
    <>
      <header>
        <h1>Sonde</h1>
        <Place vantage={vantage} />
        <nav aria-label="Views">
          {views.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={name === view ? "page" : undefined}
              onClick={() => setView(name)}
            >
              {name}
            </button>
          ))}
        </nav>
      </header>
      <main>
        <View page={page} />
        <p class="hidden" role="status">
          {announcement(runs)}
        </p>
      </main>
      {key === "" ? null : (
        <footer>
          <KeyBox known give={page.give} />
        </footer>
      )}
    </>
  );
}

function View({ page }: { readonly page: Page }) {
  const { view, key, last, draft, setDraft, runs, opened, history, setHistory, open } = page;
  switch (view) {
    case "Inbound":
      return <Inbound apiKey={key} />;
    case "Policy":
      return <Policy apiKey={key} />;
    case "Findings":
      return <Catalogue apiKey={key} />;
    case "History":
      return <Past history={history} setHistory={setHistory} open={open} />;
    case "Check":
      return (
        <>
          <QuestionForm
            draft={draft}
            busy={runs.busy}
            history={history}
            change={setDraft}
            run={(asked) => void page.run(asked)}
            stop={runs.stop}
          />
          {needsKey(last) ? <KeyBox known={false} give={page.give} /> : null}
          {opened === undefined ? (
            <Results page={page} />
          ) : (
            <Outcome report={opened} question={undefined} apiKey={undefined} history={history} />
          )}
        </>
      );
  }
}

/** Where this Sonde measures, and for whom it can speak. */
function Place({ vantage }: { readonly vantage: Vantage | undefined }) {
  if (vantage === undefined) {
    return <p class="place">The network, seen from where your app runs</p>;
  }
  return (
    <p class="place">
      Measures from <b>{placeOf(vantage)}</b>. {vantage.app === "local" ? "" : standing(vantage)}
    </p>
  );
}

/** What a screen reader is told: the verdict when it is there, and how far several checks are. */
function announcement({ runs, busy }: Runs): string {
  const done = runs.filter((run) => run.answer !== undefined);
  if (runs.length > 1) return `${done.length} of ${runs.length} checks done`;
  const answer = done[0]?.answer;
  if (busy || answer === undefined || "document" in answer) return busy ? "Measuring" : "";
  if ("trouble" in answer) return titleOf(answer.trouble);
  return `${answer.report.verdict}: ${headline(answer.report)}. ${subjectOf(answer.report)}`;
}
