/** Several checks: how far they are, failures first, each with its report one key away. */
import { useMemo } from "preact/hooks";
import { Code, Foreign } from "./foreign.tsx";
import { Mark } from "./mark.tsx";
import { sorted, verdictOf, type Run } from "./runs.ts";
import { titleOf } from "./trouble.tsx";
import { headline } from "./verdict.tsx";
import { time } from "./words.ts";

interface BatchProps {
  readonly runs: readonly Run[];
  readonly busy: boolean;
  readonly chosen: string | undefined;
  readonly choose: (target: string) => void;
}

export function Batch({ runs, busy, chosen, choose }: BatchProps) {
  const done = runs.filter((run) => run.state === "done").length;
  const failed = runs.filter((run) => ["fail", "error"].includes(verdictOf(run))).length;
  // A check is drawn when it begins: hundreds at once would hold up the first frame.
  const begun = sorted(runs, busy).filter((run) => ["running", "done"].includes(run.state));
  return (
    <section aria-labelledby="batch">
      <h2 id="batch">
        Checks{" "}
        <small>
          {done} of {runs.length} done, {failed} failed
          {!busy && done < runs.length ? `, ${runs.length - done} not run` : ""}
        </small>
      </h2>
      <progress max={runs.length} value={done} aria-labelledby="batch" />
      <ul class="batch">
        {begun.map((run) => (
          <Row key={run.target} run={run} current={run.target === chosen} choose={choose} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly run: Run;
  readonly current: boolean;
  readonly choose: (target: string) => void;
}

/** Drawn again only when its own run has changed: there may be hundreds, and each of them tells. */
function Row({ run, current, choose }: RowProps) {
  return useMemo(
    () => (
      <li class={verdictOf(run)}>
        <button
          type="button"
          aria-current={current ? "true" : undefined}
          disabled={run.answer === undefined}
          onClick={() => choose(run.target)}
        >
          <Mark verdict={verdictOf(run)} />
          <Code text={run.target} />
          <span class="quiet">
            <Foreign text={saidOf(run)} />
          </span>
        </button>
      </li>
    ),
    [run, current, choose],
  );
}

function saidOf({ answer }: Run): string {
  if (answer === undefined || "document" in answer) return "";
  if ("trouble" in answer) return titleOf(answer.trouble);
  return `${headline(answer.report)}, ${time(answer.report.ms)}`;
}
