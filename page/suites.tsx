/** Suites: what this app's own settings name, what Sonde brings, what was deployed, what is pasted. */
import { Document } from "./document.tsx";
import { Foreign } from "./foreign.tsx";
import { keyOf, number, records, text, type Known } from "./known.ts";
import { Results } from "./results.tsx";
import type { Page } from "./state.ts";

export function Suites({ page }: { readonly page: Page }) {
  const busy = page.runs.state !== "idle";
  return (
    <>
      <section aria-labelledby="suites">
        <h2 id="suites">Suites</h2>
        <Document name="suites" apiKey={page.key}>
          {(document) => (
            <ul class="suites">
              {records(document["suites"]).map((suite) => (
                <Offer
                  key={keyOf(text(suite["name"]))}
                  suite={suite}
                  busy={busy}
                  run={page.runSuite}
                />
              ))}
            </ul>
          )}
        </Document>
        <p class="quiet">Your own, or settings of an app: paste them into the box of Check.</p>
      </section>
      {page.origin === "Suites" ? <Results page={page} /> : null}
    </>
  );
}

interface OfferProps {
  readonly suite: Known;
  readonly busy: boolean;
  readonly run: (name: string) => void;
}

function Offer({ suite, busy, run }: OfferProps) {
  const name = text(suite["name"]) ?? "";
  const obstacle = text(suite["nothing"]) ?? text(suite["problem"]);
  const checks = number(suite["checks"]);
  return (
    <li class="card">
      <b>
        <Foreign text={text(suite["title"]) ?? name} />
      </b>{" "}
      <span class="badge">
        <Foreign text={suite["source"]} />
      </span>
      <p class="quiet">
        <Foreign text={suite["summary"]} />
      </p>
      {obstacle === undefined ? (
        <button
          type="button"
          disabled={busy}
          aria-label={`Run ${checks} checks of ${name}`}
          onClick={() => run(name)}
        >
          Run {checks} checks
        </button>
      ) : (
        <p class="note">
          <Foreign text={obstacle} />
        </p>
      )}
    </li>
  );
}
