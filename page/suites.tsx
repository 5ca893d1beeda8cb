/** Suites: what this app's own settings name, what Sonde brings, what was deployed, what is pasted. */
import { useState } from "preact/hooks";
import { readBox } from "./box.ts";
import { Document } from "./document.tsx";
import { Foreign } from "./foreign.tsx";
import { isKnown, keyOf, list, number, parse, records, text, type Known } from "./known.ts";
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
        <Pasted busy={busy} run={page.runPasted} />
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
      <div>
        <b>
          <Foreign text={text(suite["title"]) ?? name} />
        </b>{" "}
        <span class="badge">
          <Foreign text={text(suite["source"]) ?? ""} />
        </span>
        <p class="quiet">
          <Foreign text={text(suite["summary"]) ?? ""} />
        </p>
        {obstacle === undefined ? null : (
          <p class="note">
            <Foreign text={obstacle} />
          </p>
        )}
      </div>
      {obstacle === undefined ? (
        <button
          type="button"
          disabled={busy}
          aria-label={`Run ${checks} of ${name}`}
          onClick={() => run(name)}
        >
          Run {checks}
        </button>
      ) : null}
    </li>
  );
}

interface PastedProps {
  readonly busy: boolean;
  readonly run: (suite: Known) => void;
}

/** Settings are read here and dropped; of them only targets are asked. A suite is taken as it is. */
function Pasted({ busy, run }: PastedProps) {
  const [read, setRead] = useState<Read>({ said: "", box: "", suite: undefined });
  const { said, box, suite } = read;
  const count = list(suite?.["checks"]).length;
  return (
    <details class="options">
      <summary>From pasted settings</summary>
      <label class="wide">
        Settings of an app, or a suite in JSON
        <textarea
          rows={Math.min(12, Math.max(3, box.split("\n").length))}
          spellcheck={false}
          autocomplete="off"
          placeholder="az webapp config appsettings list …"
          aria-describedby="pasted-help"
          value={box}
          onInput={({ currentTarget }) => setRead(readPasted(currentTarget.value))}
        />
      </label>
      <p id="pasted-help" class="quiet" role="status">
        {said === ""
          ? "Read here in the browser: hosts and ports are kept, the rest is dropped."
          : said}
      </p>
      <button
        type="button"
        disabled={busy || count === 0}
        onClick={() => (suite === undefined ? undefined : run(suite))}
      >
        {count === 0 ? "Run" : `Run ${count} checks`}
      </button>
    </details>
  );
}

interface Read {
  /** What became of what was pasted. */
  readonly said: string;
  /** What is shown in its place. */
  readonly box: string;
  readonly suite: Known | undefined;
}

function readPasted(pasted: string): Read {
  const value = parse(pasted);
  if (isSuite(value)) {
    const said = `A suite of ${list(value["checks"]).length} checks.`;
    return { said, box: pasted, suite: value };
  }
  const { targets } = readBox(pasted);
  if (targets.length === 0) {
    return { said: "No place was found in it: nothing is kept.", box: "", suite: undefined };
  }
  const said = `${targets.length} places are kept; the rest was dropped and never left this page.`;
  const suite = { version: 1, name: "pasted settings", checks: targets };
  return { said, box: targets.join("\n"), suite };
}

function isSuite(value: unknown): value is Known {
  return isKnown(value) && value["version"] === 1 && Array.isArray(value["checks"]);
}
