/** Every address against every step: which one is dead, and which one is public, is seen at a glance. */
import type { Report, Step, Vantage } from "../lib/report.ts";
import { keyOf } from "./known.ts";
import { Code } from "./foreign.tsx";
import { Mark } from "./mark.tsx";
import { addressesOf, firstOf } from "./tree.ts";
import { stageName, time } from "./words.ts";

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
      <div class="scroll" tabIndex={0} role="region" aria-label="Address by address">
        <table>
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Kind</th>
              {hosted ? <th scope="col">Into the network?</th> : null}
              {stages.map((stage) => (
                <th key={keyOf(stage)} scope="col">
                  {stageName(stage)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </div>
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
