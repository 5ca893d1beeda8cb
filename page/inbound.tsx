/** How this very request came here: hop by hop, and which header says so. */
import type { Report } from "../lib/report.ts";
import { Asked } from "./document.tsx";
import { Findings } from "./findings.tsx";
import { Code, Codes, Foreign } from "./foreign.tsx";
import { known, records, text, texts, type Known, told } from "./known.ts";
import { Members, Value } from "./facts.tsx";
import { firstOf } from "./tree.ts";
import { Table } from "./table.tsx";

const confidences: Readonly<Record<string, string>> = {
  proven: "set by the platform",
  likely: "likely",
  claimed: "claimed: anybody could have written it",
};

const legs: Readonly<Record<string, string>> = {
  none: "",
  unknown: "",
  tls: "over TLS",
  plain: "over plain HTTP",
};

/** Asks for the echo of a request of this page. */
export function Inbound({ apiKey }: { readonly apiKey: string }) {
  return (
    <Asked name="echo" apiKey={apiKey}>
      {(answer) =>
        "report" in answer ? (
          <>
            <Arrived report={answer.report} />
            <Findings report={answer.report} />
          </>
        ) : null
      }
    </Asked>
  );
}

/** What follows from the headers, each in its own words; what is not known has none. */
const conclusions = [
  ["chain", "What the other Sonde saw of this one"],
  ["judged", "What an access restriction judges"],
  ["tlsEnd", "Where TLS ended"],
  ["signedIn", "Who signed in"],
  ["affinity", "Affinity"],
  ["clientCertificate", "Client certificate"],
  ["purpose", "Purpose"],
  ["contradictions", "Headers that cannot all be true"],
  ["notShown", "Not shown here"],
] as const;

export function Arrived({ report }: { readonly report: Report }) {
  const arrive = firstOf(report.result, "arrive");
  const said: Known = { ...arrive, chain: report.result["chain"] };
  const client = known(arrive["client"]);
  return (
    <>
      <section aria-labelledby="hops">
        <h2 id="hops">The way this request took</h2>
        <ol class="chain hops">
          {records(arrive["hops"]).map((hop, index) => (
            <Hop key={index} hop={hop} />
          ))}
        </ol>
        <h3>Client address</h3>
        <p>
          <Code text={text(client["address"]) ?? "none is named"} />{" "}
          <span class="badge">
            <Foreign text={told(confidences, text(client["confidence"]) ?? "")} />
          </span>
        </p>
        <ul>
          {texts(client["reasons"]).map((reason, index) => (
            <li key={index}>
              <Foreign text={reason} />
            </li>
          ))}
        </ul>
        {conclusions
          .filter(([name]) => said[name] !== undefined)
          .map(([name, title]) => (
            <div key={name}>
              <h3>{title}</h3>
              <Value value={said[name]} />
            </div>
          ))}
      </section>
      <Headers headers={records(arrive["headers"])} />
    </>
  );
}

function Hop({ hop }: { readonly hop: Known }) {
  const confidence = text(hop["confidence"]) ?? "";
  const evidence = texts(hop["evidence"]);
  const leg = [told(legs, text(hop["tls"]) ?? ""), text(hop["tlsVersion"])]
    .filter(Boolean)
    .join(" ");
  return (
    <li>
      <b>{text(hop["kind"])?.replaceAll("-", " ")}</b> {leg}{" "}
      <span class={`badge ${confidence}`}>
        <Foreign text={told(confidences, confidence)} />
      </span>
      {evidence.length === 0 ? null : (
        <span class="quiet">
          {" "}
          by <Codes of={evidence} />
        </span>
      )}
      {hop["detail"] === undefined ? null : <Members of={known(hop["detail"])} />}
    </li>
  );
}

function Headers({ headers }: { readonly headers: readonly Known[] }) {
  return (
    <section aria-labelledby="headers">
      <h2 id="headers">
        Headers <small>secrets were withheld before they came here</small>
      </h2>
      <Table label="Headers" head={["Header", "Value", "Set by"]} look="headers">
        {headers.map((header, index) => (
          <tr key={index}>
            <th scope="row">
              <Code text={header["name"]} />
            </th>
            <td>
              <Code text={header["value"]} />
            </td>
            <td class="quiet">{text(header["setBy"])}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
