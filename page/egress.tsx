/** From which addresses this host was seen, by whom, and whether those are the expected ones. */
import type { Report } from "../lib/report.ts";
import { Code, Foreign } from "./foreign.tsx";
import { isKnown, known, number, records, text, texts, type Known, keyOf } from "./known.ts";
import { Mark } from "./mark.tsx";
import { firstOf } from "./tree.ts";
import { label } from "./words.ts";
import { Table } from "./table.tsx";

export function Egress({ report }: { readonly report: Report }) {
  const egress = firstOf(report.result, "egress");
  const samples = records(report.result["samples"]);
  if (samples.length === 0) return null;
  const { counted, planned } = known(egress["samples"]);
  return (
    <section aria-labelledby="egress">
      <h2 id="egress">
        Outbound addresses{" "}
        {number(counted) === undefined ? null : (
          <small>
            {number(counted)} of {number(planned)} answers count
          </small>
        )}
      </h2>
      <Addresses egress={egress} />
      <h3>Who was asked</h3>
      <Table label="Who was asked" head={["Result", "Operator", "Way", "Saw this host as"]}>
        {samples.map((sample, index) => (
          <Sample key={index} branch={sample} />
        ))}
      </Table>
    </section>
  );
}

const agreement = (agrees: unknown) =>
  agrees === true ? "All operators see the same." : "The operators see different addresses.";

function Addresses({ egress }: { readonly egress: Known }) {
  const seen = records(egress["addresses"]);
  if (seen.length === 0) return null;
  const verdict = text(egress["verdict"]) ?? "unjudged";
  const judged = verdict !== "unjudged";
  return (
    <>
      <p>
        {agreement(egress["agrees"])}{" "}
        {judged ? (
          <>
            Against the list: <b>{label(verdict).replaceAll("-", " ")}</b>.
          </>
        ) : (
          "No list of expected addresses was given."
        )}
      </p>
      <Table
        label="Addresses seen"
        head={["Address", "Seen by", "Times", ...(judged ? ["On the list"] : [])]}
        numbers={["Times"]}
      >
        {seen.map((one) => (
          <tr key={keyOf(text(one["address"]))}>
            <th scope="row">
              <Code text={one["address"]} />
            </th>
            <td>
              <Foreign text={texts(one["operators"]).join(", ")} />
            </td>
            <td class="num">{number(one["seen"])}</td>
            {judged ? <Listed as={text(one["expectedAs"])} /> : null}
          </tr>
        ))}
      </Table>
      <p class="quiet">Addresses that were not seen stay possible: a pool shows one at a time.</p>
    </>
  );
}

function Listed({ as }: { readonly as: string | undefined }) {
  return (
    <td>
      <Mark verdict={as === undefined ? "fail" : "pass"} />{" "}
      <Foreign text={as === undefined ? "not on it" : `as ${as}`} />
    </td>
  );
}

function Sample({ branch }: { readonly branch: Known }) {
  const sample = known(branch["sample"]);
  const asked = text(branch["on"]) ?? "";
  return (
    <tr>
      <td>
        <Mark verdict={verdictOf(branch)} />
      </td>
      <th scope="row">
        <Foreign text={text(sample["operator"]) ?? asked} />
      </th>
      <td>
        {text(sample["method"])} <Code text={text(sample["destination"]) ?? asked} />
      </td>
      <td>
        <Answered sample={sample} stopped={known(branch["stopped"])} />
      </td>
    </tr>
  );
}

/** An answer that is discarded was given all the same. */
function verdictOf(branch: Known): string {
  if (isKnown(branch["stopped"])) return "fail";
  return known(branch["sample"])["discarded"] === undefined ? "pass" : "warn";
}

function Answered({ sample, stopped }: { readonly sample: Known; readonly stopped: Known }) {
  const code = text(stopped["code"]);
  const address = text(sample["address"]);
  const port = number(sample["port"]);
  const discarded = text(sample["discarded"]);
  if (code !== undefined) {
    return (
      <>
        <Code text={code} /> <Foreign text={stopped["message"]} />
      </>
    );
  }
  return (
    <>
      {address === undefined ? null : <Code text={address} />}
      {port === undefined ? null : ` port ${port}`}
      {discarded === undefined ? null : <Foreign text={` does not count: ${discarded}`} />}
    </>
  );
}
