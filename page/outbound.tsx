/** From where the world sees this host: asked on purpose, since it leaves for the internet. */
import { useState } from "preact/hooks";
import { pairsOf, readHash, wordOf } from "./link.ts";
import { Results } from "./results.tsx";
import type { Page } from "./state.ts";

export function Outbound({ page }: { readonly page: Page }) {
  const busy = page.runs.state !== "idle";
  const isOurs = page.origin === "Outbound";
  const [list, setList] = useState(() => listIn(location.hash));
  return (
    <>
      <form
        class="question"
        onSubmit={(event) => {
          event.preventDefault();
          const listed = list.trim().replaceAll(/[,\s]*[\n,]+[,\s]*/g, ",");
          page.runOutbound(listed === "" ? "" : wordOf("expect", listed));
        }}
      >
        <label class="wide">
          Allow-list of the firewall, if you have one
          <textarea
            rows={Math.min(8, Math.max(2, list.split("\n").length))}
            placeholder="20.50.1.0/29, nat=20.50.1.8"
            aria-describedby="list-help"
            spellcheck={false}
            value={list}
            onInput={({ currentTarget }) => setList(currentTarget.value)}
          />
        </label>
        <p id="list-help" class="quiet">
          Asks independent operators on the internet, a connection each, and nobody before you
          press.
        </p>
        <button type="submit" class="main" disabled={busy}>
          Ask from where this host is seen
        </button>
      </form>
      {isOurs ? <Results page={page} /> : null}
    </>
  );
}

/** The list of the link, which is also the one that was asked with last. */
function listIn(hash: string): string {
  const { probe, more } = readHash(hash);
  const found = pairsOf(more).find(([name]) => name === "expect");
  return probe === "outbound" ? (found?.[1] ?? "") : "";
}
