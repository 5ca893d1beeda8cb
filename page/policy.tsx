/** What this Sonde may probe, and how much. */
import { Document } from "./document.tsx";
import { Code, Foreign } from "./foreign.tsx";
import { number, records, text, type Known, keyOf } from "./known.ts";
import { Table } from "./table.tsx";

export function Policy({ apiKey }: { readonly apiKey: string }) {
  return (
    <section aria-labelledby="policy">
      <h2 id="policy">Policy</h2>
      <Document name="policy" apiKey={apiKey}>
        {(policy) => <Shown policy={policy} />}
      </Document>
    </section>
  );
}

function Shown({ policy }: { readonly policy: Known }) {
  const rules =
    text(policy["rules"])
      ?.split(/\s+/)
      .filter((rule) => rule !== "") ?? [];
  const problem = text(policy["problem"]);
  return (
    <>
      {problem === undefined ? null : (
        <p class="note fail">
          <Foreign text={problem} />
        </p>
      )}
      <p>
        Asked with: <b>{text(policy["auth"])}</b>.
        {text(policy["expires"]) === undefined
          ? ""
          : ` Closes itself on ${text(policy["expires"])}.`}
      </p>
      <h3>What may be probed</h3>
      {rules.length === 0 ? <p>None: nothing may be probed.</p> : null}
      <ul>
        {rules.map((rule, index) => (
          <li key={index}>
            <Code text={rule} />
          </li>
        ))}
      </ul>
      <p class="quiet">Beyond that, {text(policy["floor"])}.</p>
      <Limits limits={records(policy["limits"])} />
      <p class="quiet">
        Rates: {text(policy["rates"])}; {text(policy["perInstance"])}.
      </p>
    </>
  );
}

function Limits({ limits }: { readonly limits: readonly Known[] }) {
  return (
    <>
      <h3>Limits</h3>
      <Table label="Limits" head={["What", "Now", "At most"]} numbers={["Now", "At most"]}>
        {limits.map((limit) => (
          <tr key={keyOf(text(limit["name"]))}>
            <th scope="row">
              {text(limit["says"])} <Code text={limit["name"]} />
            </th>
            <td class="num">{number(limit["value"])}</td>
            <td class="num">{number(limit["ceiling"])}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}
