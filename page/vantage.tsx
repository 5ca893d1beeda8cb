/** Where this Sonde is, and for whom it can speak. */
import type { Report } from "../lib/report.ts";
import { Asked } from "./document.tsx";
import { Members } from "./facts.tsx";
import { Findings } from "./findings.tsx";
import { Code, Foreign } from "./foreign.tsx";
import { records, type Known, keyOf } from "./known.ts";
import { firstOf } from "./tree.ts";
import { placeOf, standing } from "./words.ts";
import { Table } from "./table.tsx";

export function VantageView({ apiKey }: { readonly apiKey: string }) {
  return (
    <Asked name="vantage" apiKey={apiKey}>
      {(answer) => ("report" in answer ? <Place report={answer.report} /> : null)}
    </Asked>
  );
}

/** Also of a report that was opened. */
export function Place({ report }: { readonly report: Report }) {
  const { vantage } = report;
  const locate = firstOf(report.result, "locate");
  const { resolvers, represents: _, banner: __, ...more } = locate;
  return (
    <>
      <section aria-labelledby="place">
        <h2 id="place">
          Where this is <small>{placeOf(vantage)}</small>
        </h2>
        <p>{standing(vantage)}</p>
        <Settings represents={vantage.represents} />
        <h3>Name servers, in the order they are asked</h3>
        <ol>
          {records(resolvers).map((one, index) => (
            <Server key={index} server={one} />
          ))}
        </ol>
      </section>
      <Findings report={report} />
      <section aria-labelledby="shows">
        <h2 id="shows">
          What the environment shows <small>no value that could be a secret</small>
        </h2>
        <Members of={more} />
      </section>
    </>
  );
}

function Server({ server }: { readonly server: Known }) {
  return (
    <li>
      <Code text={server["address"]} />{" "}
      <span class="badge">
        <Foreign text={server["origin"]} />
      </span>
    </li>
  );
}

/** What network settings are about, and how each of them stands to the app that is diagnosed. */
function Settings({ represents }: { readonly represents: Report["vantage"]["represents"] }) {
  const rows = (["differs", "unknown", "same"] as const).flatMap((how) =>
    represents[how].map((what) => ({ what, how })),
  );
  if (rows.length === 0) return null;
  return (
    <Table label="Settings" head={["Setting", "Beside your app"]} look="slim">
      {rows.map(({ what, how }) => (
        <tr key={keyOf(what)}>
          <th scope="row">
            <Foreign text={what} />
          </th>
          <td>{how === "differs" ? <b>{how}</b> : how}</td>
        </tr>
      ))}
    </Table>
  );
}
