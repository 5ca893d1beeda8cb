/** The steps as a table that is the waterfall as well: a bar for each, drawn by attributes alone. */
import type { Report, Step } from "../lib/report.ts";
import { Code, Foreign } from "./foreign.tsx";
import { Mark } from "./mark.tsx";
import { stageName, time } from "./words.ts";

const WIDTH = 240;

export function Steps({ report }: { readonly report: Report }) {
  const { steps, ms } = report;
  if (steps.length === 0) return null;
  const whole = Math.max(ms, ...steps.map((one) => (one.startMs ?? 0) + (one.ms ?? 0)), 0.1);
  const passed = steps.filter((one) => one.verdict === "pass").length;
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">
        Steps{" "}
        <small>
          {passed} of {steps.length} passed, {time(ms)} in all
        </small>
      </h2>
      <table class="steps">
        <thead>
          <tr>
            <th scope="col">Result</th>
            <th scope="col">Step</th>
            <th scope="col">On</th>
            <th scope="col" class="bar">
              When
            </th>
            <th scope="col" class="num">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            <Row key={index} step={step} whole={whole} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ step, whole }: { readonly step: Step; readonly whole: number }) {
  const { name, on, verdict, ms, code } = step;
  return (
    <tr class={verdict}>
      <td>
        <Mark verdict={verdict} />
      </td>
      <th scope="row">
        <Foreign text={stageName(name) === name ? "" : stageName(name)} /> <Code text={name} />
        {code === undefined ? null : (
          <span class="why">
            <Code text={code} />
          </span>
        )}
      </th>
      <td>{on === undefined ? "" : <Code text={on} />}</td>
      <td class="bar">
        <Bar step={step} whole={whole} />
      </td>
      <td class="num">{ms === undefined ? <span class="quiet">never begun</span> : time(ms)}</td>
    </tr>
  );
}

function Bar({ step, whole }: { readonly step: Step; readonly whole: number }) {
  const start = Math.min(WIDTH - 3, ((step.startMs ?? 0) / whole) * WIDTH);
  const width = Math.min(WIDTH - start, Math.max(3, ((step.ms ?? 0) / whole) * WIDTH));
  return (
    <svg viewBox={`0 0 ${WIDTH} 12`} height="12" preserveAspectRatio="none" aria-hidden="true">
      <line x1="0" x2={WIDTH} y1="6" y2="6" class={step.ms === undefined ? "dashed" : "rail"} />
      {step.ms === undefined ? null : (
        <rect x={start} width={width} y="1" height="10" rx="2" class={`fill ${step.verdict}`} />
      )}
    </svg>
  );
}
