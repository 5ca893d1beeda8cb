/** Everything that was measured, stage by stage: also what this page has no picture for. */
import type { Report } from "../lib/report.ts";
import { Block, Code, Codes, Foreign } from "./foreign.tsx";
import { isKnown, type Known, keyOf } from "./known.ts";
import { sectionsOf } from "./tree.ts";
import { label, stageName } from "./words.ts";

export function Facts({ report }: { readonly report: Report }) {
  const sections = sectionsOf(report.result);
  if (sections.length === 0) return null;
  return (
    <details class="facts">
      <summary>
        <h2>Everything measured</h2>
      </summary>
      {sections.map(({ where, stages, stopped }) => (
        <div key={keyOf(where)} class="card">
          <h3>{where === "" ? "The run as a whole" : <Foreign text={where} />}</h3>
          {stages.map(([stage, facts]) => (
            <div key={keyOf(stage)}>
              <h4>{stageName(stage)}</h4>
              <Members of={facts} />
            </div>
          ))}
          {stopped === undefined ? null : (
            <p class="note fail">
              Stopped: <Code text={stopped["code"]} /> <Foreign text={stopped["message"]} />
            </p>
          )}
        </div>
      ))}
    </details>
  );
}

export function Members({ of }: { readonly of: Known }) {
  return (
    <dl>
      {Object.entries(of).map(([name, value]) => (
        <Member key={keyOf(name)} name={name} value={value} />
      ))}
    </dl>
  );
}

function Member({ name, value }: { readonly name: string; readonly value: unknown }) {
  return (
    <>
      <dt>
        <Foreign text={label(name)} />
      </dt>
      <dd>
        <Value value={value} unit={name.endsWith("Ms") ? " ms" : ""} />
      </dd>
    </>
  );
}

export function Value({ value, unit = "" }: { readonly value: unknown; readonly unit?: string }) {
  if (isKnown(value)) return isShort(value) ? <Short of={value} /> : <Members of={value} />;
  if (Array.isArray(value)) {
    if (value.length === 0) return <span class="quiet">none</span>;
    return (
      <ul class="plain">
        {value.map((one: unknown, index) => (
          <li key={index}>
            <Value value={one} />
          </li>
        ))}
      </ul>
    );
  }
  if (typeof value === "boolean") return <>{value ? "yes" : "no"}</>;
  const said = String(value);
  return said.includes("\n") ? <Block text={said} /> : <Code text={said + unit} />;
}

/** `lo 127.0.0.1 loopback`: a few words that say themselves what they are. */
const selfEvident = new Set(["name", "address", "class", "family", "origin", "code"]);

function isShort(value: Known): boolean {
  const members = Object.entries(value);
  return members.every(([name, one]) => selfEvident.has(name) && typeof one !== "object");
}

function Short({ of }: { readonly of: Known }) {
  const said = Object.values(of);
  if (said.length === 0) return <span class="quiet">none</span>;
  return <Codes of={said.map(String)} />;
}
