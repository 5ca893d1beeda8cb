/** Every address against every step: which one is dead, and which one is public, is seen at a glance. */
import type { Report, Step, Vantage } from "../lib/report.ts";
import { keyOf } from "./known.ts";
import { Code } from "./foreign.tsx";
import { Mark } from "./mark.tsx";
import { addressesOf, firstOf } from "./tree.ts";
import { stageName, time } from "./words.ts";
import { Table } from "./table.tsx";

export function Addresses({ report }: { readonly report: Report }) {
  const resolve = firstOf(report.result, "resolve");
  const found = addressesOf(resolve);
  if (found.length < (resolve["resolver"] === "literal" ? 2 : 1)) return null;
  const subjects = new Set(found.map(({ address }) => address));
  const steps = report.steps.filter((one) => subjects.has(one.on ?? ""));
  const stages = [...new Set(steps.map((one) => one.name))];
  const hosted = report.vantage.app !== "local";
  return (
    <section aria-labelledby="addresses">
      <h2 id="addresses">Addresses</h2>
      <Table
        label="Address by address"
        head={[
          "Address",
          "Kind",
          ...(hosted ? ["Into the network?"] : []),
          ...stages.map(stageName),
        ]}
      >
        {found.map(({ address, kind }, index) => (
          <tr key={index}>
            <th scope="row">
              <Code text={address} />
            </th>
            <td>
              <span class={`badge ${kind}`}>{kind}</span>
            </td>
            {hosted ? <td>{routeOf(kind, report.vantage)}</td> : null}
            {stages.map((stage) => (
              <Cell key={keyOf(stage)} steps={steps} on={address} stage={stage} />
            ))}
          </tr>
        ))}
      </Table>
    </section>
  );
}

interface CellProps {
  readonly steps: readonly Step[];
  readonly on: string;
  readonly stage: string;
}

function Cell({ steps, on, stage }: CellProps) {
  const step = steps.find((one) => one.on === on && one.name === stage);
  return (
    <td>
      <Mark verdict={step?.verdict ?? "skip"} /> {time(step?.ms)}
    </td>
  );
}

/** Whether the platform sends it into the virtual network, as far as settings tell. */
function routeOf(kind: string, { routeAll }: Vantage): string {
  if (kind === "private") return "yes, where the app has joined one";
  if (routeAll === undefined) return "not known: no setting says";
  return `${routeAll ? "yes" : "no"}, says WEBSITE_VNET_ROUTE_ALL`;
}
