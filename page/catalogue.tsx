/** Every conclusion that Sonde can draw, to look up a code from a ticket. */
import { useState } from "preact/hooks";
import { Document } from "./document.tsx";
import { Advice } from "./findings.tsx";
import { Code } from "./foreign.tsx";
import { records, text, texts, type Known, keyOf } from "./known.ts";
import { Mark } from "./mark.tsx";

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
        {(document) => <Matching all={records(document["findings"])} wanted={wanted} />}
      </Document>
    </section>
  );
}

function Matching({ all, wanted }: { readonly all: readonly Known[]; readonly wanted: string }) {
  const words = wanted.toLowerCase().split(/\s+/);
  const found = all.filter((one) => {
    const said = Object.values(one).flat().join(" ").toLowerCase();
    return words.every((word) => said.includes(word));
  });
  return (
    <>
      <p role="status">
        {found.length} of {all.length}
      </p>
      {found.map((one) => (
        <Entry key={keyOf(text(one["code"]))} entry={one} />
      ))}
    </>
  );
}

function Entry({ entry }: { readonly entry: Known }) {
  const severity = text(entry["severity"]) ?? "info";
  return (
    <details class={`card ${severity}`}>
      <summary>
        <Mark verdict={severity} /> <strong>{text(entry["title"])}</strong>{" "}
        <Code text={text(entry["code"]) ?? ""} />
      </summary>
      <p>{text(entry["why"])}</p>
      <Advice
        words={{
          blame: text(entry["blame"]),
          confidence: text(entry["confidence"]),
          docs: text(entry["docs"]),
        }}
        next={texts(entry["next"])}
        rivals={texts(entry["rivals"])}
      />
    </details>
  );
}
