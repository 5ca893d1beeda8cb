/** Every address against every step: which one is dead is seen at a glance. */
import type { Report } from "../lib/report.ts";
import { Code } from "./foreign.tsx";
import { records, text } from "./known.ts";
import { Mark } from "./mark.tsx";
import { stageName, time } from "./words.ts";

export function Addresses({ report }: { readonly report: Report }) {
  const subjects = records(report.result["addresses"]).map((one) => text(one["on"]) ?? "");
  if (subjects.length < 2) return null;
  const steps = report.steps.filter((one) => subjects.includes(one.on ?? ""));
  const stages = [...new Set(steps.map((one) => one.name))];
  return (
    <section aria-labelledby="addresses">
      <h2 id="addresses">Addresses</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Address</th>
              {stages.map((stage) => (
                <th key={stage} scope="col">
                  {stageName(stage)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {subjects.map((subject) => (
              <tr key={subject}>
                <th scope="row">
                  <Code text={subject} />
                </th>
                {stages.map((stage) => {
                  const step = steps.find((one) => one.on === subject && one.name === stage);
                  return (
                    <td key={stage}>
                      <Mark verdict={step?.verdict ?? "skip"} /> {time(step?.ms)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
