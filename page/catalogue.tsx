/** Every conclusion that Sonde can draw, to look up a code from a ticket. */
import { useState } from "preact/hooks";
import { Document } from "./document.tsx";
import { Card } from "./findings.tsx";
import { keyOf, known, list } from "./known.ts";
import { isFinding } from "./shape.ts";

export function Catalogue({ apiKey }: { readonly apiKey: string }) {
  const [wanted, setWanted] = useState("");
  return (
    <section aria-labelledby="catalogue">
      <h2 id="catalogue">Findings</h2>
      <label>
        Search{" "}
        <input
          type="search"
          value={wanted}
          spellcheck={false}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      </label>
      <Document name="findings" apiKey={apiKey}>
        {(document) => <Matching all={list(document["findings"])} wanted={wanted} />}
      </Document>
    </section>
  );
}

/** What nothing was seen of yet. */
const unseen = { evidence: "", on: [], commands: [] };

interface MatchingProps {
  readonly all: readonly unknown[];
  readonly wanted: string;
}

function Matching({ all, wanted }: MatchingProps) {
  const words = wanted.toLowerCase().split(/\s+/);
  const entries = all.map((one): unknown => ({ ...known(one), ...unseen })).filter(isFinding);
  const found = entries.filter((one) => {
    const said = Object.values(one).flat().join(" ").toLowerCase();
    return words.every((word) => said.includes(word));
  });
  return (
    <>
      <p role="status">
        {found.length} of {all.length}
      </p>
      {found.map((one) => (
        <Card key={keyOf(one.code)} finding={one} open={false} />
      ))}
    </>
  );
}
