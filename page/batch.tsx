/** Several checks: how far they are, failures first, each with its report one key away. */
import { useMemo } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { suiteYaml } from "./checks.ts";
import { Copy } from "./copy.tsx";
import { Code, Foreign } from "./foreign.tsx";
import { Mark } from "./mark.tsx";
import { isTroubled, verdictOf, type Run, type Runs } from "./runs.ts";
import { download } from "./takeaway.tsx";
import { ticket } from "./ticket.ts";
import { titleOf } from "./trouble.tsx";
import { headline } from "./verdict.tsx";
import { time } from "./words.ts";

interface BatchProps {
  readonly runs: Runs;
  /** The run whose report is shown below. */
  readonly chosen: Run | undefined;
  readonly choose: (index: number) => void;
  /** Absent where a button of the view itself stops them. */
  readonly stop: (() => void) | undefined;
}

export function Batch({ runs: { title, runs, state, hold }, chosen, choose, stop }: BatchProps) {
  const done = runs.filter((run) => run.state === "done").length;
  const now = runs.find((run) => run.state === "running");
  // A check is drawn when it has ended: hundreds at once would hold up the first frame.
  const rows = runs.flatMap((run, index) => (run.state === "done" ? [{ run, index }] : []));
  const troubled = rows.filter(({ run }) => isTroubled(run));
  const others = rows.filter(({ run }) => !isTroubled(run));
  const draw = (some: typeof rows) =>
    some.map(({ run, index }) => (
      <Row key={index} run={run} index={index} current={run === chosen} choose={choose} />
    ));
  return (
    <section aria-labelledby="batch" class="several">
      <h2 id="batch">
        <Foreign text={title} />{" "}
        <small>
          {done} of {runs.length} done, {troubled.length} failed
          {state === "idle" ? notRun(runs.length - done) : ""}
        </small>
      </h2>
      <progress max={runs.length} value={done} aria-labelledby="batch" />
      {state === "idle" ? null : (
        <Under now={now?.title} held={state === "held"} hold={hold} stop={stop} />
      )}
      {/* Two lists: a failure comes to the front, and no other row is moved under anybody's fingers. */}
      {troubled.length === 0 ? null : <ul class="batch">{draw(troubled)}</ul>}
      {others.length === 0 ? null : <ul class="batch">{draw(others)}</ul>}
      {state === "idle" ? <TakeAll title={title} runs={runs} /> : null}
    </section>
  );
}

interface UnderProps {
  /** What is asked now. */
  readonly now: string | undefined;
  readonly held: boolean;
  readonly hold: () => void;
  readonly stop: (() => void) | undefined;
}

function Under({ now, held, hold, stop }: UnderProps) {
  return (
    <div class="row now">
      <button type="button" onClick={hold}>
        {held ? "Go on" : "Pause"}
      </button>
      {stop === undefined ? null : (
        <button type="button" onClick={stop}>
          Stop <kbd>Esc</kbd>
        </button>
      )}
      <p class="quiet">
        {held ? "Paused. " : ""}
        {now === undefined ? null : (
          <>
            Now <Code text={now} />
          </>
        )}
      </p>
    </div>
  );
}

const notRun = (left: number) => (left === 0 ? "" : `, ${left} not run`);

interface RowProps {
  readonly run: Run;
  readonly index: number;
  readonly current: boolean;
  readonly choose: (index: number) => void;
}

/** Drawn again only when its own run has changed: there may be hundreds, and each of them tells. */
function Row({ run, index, current, choose }: RowProps) {
  return useMemo(
    () => (
      <li class={verdictOf(run)}>
        <button
          type="button"
          aria-current={current ? "true" : undefined}
          onClick={() => choose(index)}
        >
          <Mark verdict={verdictOf(run)} />
          <Code text={run.title} />
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

/** The whole of it for a file, a ticket or a pipeline. */
function TakeAll({ title, runs }: { readonly title: string; readonly runs: readonly Run[] }) {
  const sorted = runs.toSorted((a, b) => Number(isTroubled(b)) - Number(isTroubled(a)));
  const reports = (): readonly Report[] =>
    sorted.flatMap(({ answer }) => (answer && "report" in answer ? answer.report : []));
  return (
    <div class="row take">
      {location.hash === "" ? null : <Copy label="Copy link to all" text={() => location.href} />}
      <Copy
        label="Copy all as suite YAML"
        text={() =>
          suiteYaml(
            title,
            runs.map(({ check }) => check),
          )
        }
      />
      <Copy
        label="Copy all as Markdown"
        text={() =>
          reports()
            .map((one) => ticket(one, ""))
            .join("\n")
        }
      />
      <button type="button" onClick={() => download(reports(), "suite")}>
        Download all as JSON
      </button>
    </div>
  );
}
