/** The same question to every instance that answers: a dead one among several hides in a single call. */
import { useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { ask, type Answer } from "./api.ts";
import type { Task } from "./checks.ts";
import { Differing } from "./difference.tsx";
import { Code } from "./foreign.tsx";
import { Mark } from "./mark.tsx";
import { titleOf } from "./trouble.tsx";
import { reportIn } from "./asking.ts";
import { time } from "./words.ts";
import { Table } from "./table.tsx";

/** Calls under way at a time: enough to be spread, fewer than a caller may have. */
const AT_ONCE = 3;

interface InstancesProps {
  readonly task: Task;
  readonly apiKey: string;
}

export function Instances({ task, apiKey }: InstancesProps) {
  const [calls, setCalls] = useState(12);
  const [answers, setAnswers] = useState<readonly Answer[]>([]);
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    const said: Answer[] = [];
    const caller = async (first: number) => {
      for (let call = first; call < calls; call += AT_ONCE) {
        // Without cookies: the one of the balancer would keep all calls at one instance.
        const answer = await ask(task.api, { key: apiKey, input: task.input, cookieless: true });
        said.push(reportIn(answer));
        setAnswers([...said]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, first) => caller(first)));
    setBusy(false);
  };
  return (
    <>
      <h3>Between instances</h3>
      <div class="row">
        <label class="short">
          Calls
          <input
            type="number"
            min={2}
            max={60}
            value={calls}
            onInput={({ currentTarget }) => {
              setCalls(Math.min(60, Math.max(2, Math.trunc(currentTarget.valueAsNumber) || 2)));
            }}
          />
        </label>
        <button type="button" disabled={busy} onClick={() => void go()}>
          {busy ? `${answers.length} of ${calls} answered` : "Compare instances"}
        </button>
        <p class="quiet">Asks the same again without cookies, so that the balancer may choose.</p>
      </div>
      {busy || answers.length === 0 ? null : <Groups answers={answers} />}
    </>
  );
}

/** Reports by the instance that measured. */
export function byInstance(answers: readonly Answer[]): ReadonlyMap<string, readonly Report[]> {
  const groups = new Map<string, Report[]>();
  for (const answer of answers) {
    if (!("report" in answer)) continue;
    const name = answer.report.vantage.instance ?? "not named";
    groups.set(name, [...(groups.get(name) ?? []), answer.report]);
  }
  return new Map([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function Groups({ answers }: { readonly answers: readonly Answer[] }) {
  const groups = [...byInstance(answers)];
  const troubles = answers.flatMap((one) => ("trouble" in one ? [one.trouble] : []));
  const [first] = troubles;
  return (
    <>
      <p role="status">
        {groups.length === 1 ? "One instance" : `${groups.length} instances`} answered{" "}
        {answers.length - troubles.length} of {answers.length} calls
        {groups.length === 1 ? ": there is no other, or the balancer did not choose it." : "."}
        {first === undefined ? "" : ` ${troubles.length} without a report: ${titleOf(first)}.`}
      </p>
      <Table
        label="Instances"
        head={["Instance", "Result", "Calls", "Median time"]}
        numbers={["Calls", "Median time"]}
      >
        {groups.map(([name, reports]) => rowsOf(name, reports))}
      </Table>
      {groups.length < 2 ? null : (
        <Differing
          columns={groups.flatMap(([name, reports]) => {
            const report = reports.find((one) => !one.ok) ?? reports[0];
            return report === undefined ? [] : [{ title: <Code text={name} />, report }];
          })}
          said={["vantage › instance"]}
        />
      )}
    </>
  );
}

/** A row for each verdict: an instance that answers both ways shows both. */
function rowsOf(name: string, reports: readonly Report[]) {
  return [...new Set(reports.map((one) => one.verdict))].map((verdict) => {
    const such = reports.filter((one) => one.verdict === verdict);
    const times = such.map((one) => one.ms).toSorted((a, b) => a - b);
    return (
      <tr key={`${name} ${verdict}`}>
        <th scope="row">
          <Code text={name} />
        </th>
        <td>
          <Mark verdict={verdict} />
        </td>
        <td class="num">{such.length}</td>
        <td class="num">{time(times[Math.floor(times.length / 2)])}</td>
      </tr>
    );
  });
}
