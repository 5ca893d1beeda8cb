/** The frame of the page: where this is, the views, the box, and what came back. */
import { useEffect } from "preact/hooks";
import type { Vantage } from "../lib/report.ts";
import { Catalogue } from "./catalogue.tsx";
import { readReports } from "./checks.ts";
import { Foreign } from "./foreign.tsx";
import { Inbound } from "./inbound.tsx";
import { KeyBox } from "./keybox.tsx";
import { Outcome } from "./outcome.tsx";
import { Past } from "./past.tsx";
import { Policy } from "./policy.tsx";
import { Outbound } from "./outbound.tsx";
import { QuestionForm } from "./question.tsx";
import { Results } from "./results.tsx";
import { isTroubled, type Runs } from "./runs.ts";
import { useShortcuts } from "./shortcuts.ts";
import { needsKey, usePage, views, type Page } from "./state.ts";
import { Suites } from "./suites.tsx";
import { titleOf } from "./trouble.tsx";
import { VantageView } from "./vantage.tsx";
import { headline } from "./verdict.tsx";
import { doubts, placeOf, standing, subjectOf } from "./words.ts";

export function App() {
  const page = usePage();
  const { key, view, setView, latest, last, runs } = page;
  const { arrive } = page;
  useEffect(arrive, []);
  useEffect(() => {
    addEventListener("hashchange", arrive);
    return () => removeEventListener("hashchange", arrive);
  });
  useShortcuts(() => setView("Check"), runs.stop);
  return (
    <>
      <Banner vantage={latest?.vantage} />
      <header>
        <h1>Sonde</h1>
        <Place vantage={latest?.vantage} />
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
        {needsKey(last) ? <KeyBox known={false} give={page.give} /> : null}
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
  const { view, key, history } = page;
  switch (view) {
    case "Suites":
      return <Suites page={page} />;
    case "Outbound":
      return <Outbound page={page} />;
    case "Inbound":
      return <Inbound apiKey={key} />;
    case "Vantage":
      return <VantageView apiKey={key} />;
    case "Policy":
      return <Policy apiKey={key} />;
    case "Findings":
      return <Catalogue apiKey={key} />;
    case "History":
      return <Past history={history} setHistory={page.setHistory} open={page.open} />;
    case "Check":
      return <Check page={page} />;
  }
}

/** The one box, and what came of it. */
function Check({ page }: { readonly page: Page }) {
  const { draft, setDraft, runs, opened, history, origin } = page;
  return (
    <>
      <QuestionForm
        draft={draft}
        busy={runs.state !== "idle"}
        history={history}
        change={setDraft}
        run={(asked) => {
          const reports = readReports(asked.box);
          if (reports.length === 0) return void page.run(asked);
          setDraft({ ...asked, box: "" });
          page.open(reports);
        }}
        stop={runs.stop}
      />
      {opened === undefined ? (
        origin === "Check" ? (
          <Results page={page} />
        ) : null
      ) : (
        <Outcome report={opened} task={undefined} apiKey={undefined} history={history} />
      )}
    </>
  );
}

/** Which of several open Sondes this is: in words, and in a colour for the corner of the eye. */
function Banner({ vantage }: { readonly vantage: Vantage | undefined }) {
  const banner = vantage?.banner;
  if (banner === undefined) return null;
  return (
    <aside class={`banner ${banner.colour}`} aria-label="Which Sonde this is">
      <Foreign text={banner.text} />
    </aside>
  );
}

/** Where this Sonde measures, and for whom it can speak. */
function Place({ vantage }: { readonly vantage: Vantage | undefined }) {
  if (vantage === undefined) {
    return <p class="place">The network, seen from where your app runs</p>;
  }
  return (
    <p class="place">
      Measures from <b>{placeOf(vantage)}</b>.{" "}
      {vantage.app === "local" ? "" : `${standing(vantage)} ${doubts(vantage)}`}
    </p>
  );
}

/** What a screen reader is told: the verdict when it is there, and how far several checks are. */
function announcement({ runs, state }: Runs): string {
  const done = runs.filter((run) => run.answer !== undefined);
  const busy = state !== "idle";
  if (runs.length > 1) {
    const failed = runs.filter(isTroubled).length;
    // Every tenth is enough to hear that it goes on.
    const told = busy ? Math.floor(done.length / 10) * 10 : done.length;
    return `${told} of ${runs.length} checks done${busy ? "" : `, ${failed} failed`}`;
  }
  const answer = done[0]?.answer;
  if (busy || answer === undefined || "document" in answer) return busy ? "Measuring" : "";
  if ("trouble" in answer) return titleOf(answer.trouble);
  return `${answer.report.verdict}: ${headline(answer.report)}. ${subjectOf(answer.report)}`;
}
