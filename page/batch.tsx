/** Several checks: how far they are, failures first, each with its report one key away. */
import type { Report } from "../lib/report.ts";
import type { Run } from "./asking.ts";
import { Copy } from "./copy.tsx";
import { Code, Foreign } from "./foreign.tsx";
import { Row } from "./row.tsx";
import { isTroubled, verdictOf, type Runs } from "./runs.ts";
import { download } from "./takeaway.tsx";
import { ticket } from "./ticket.ts";
import { titleOf } from "./trouble.tsx";
import { Claims, headline } from "./verdict.tsx";
import { time } from "./words.ts";

interface BatchProps {
  readonly runs: Runs;
  /** The run whose report is shown below. */
  readonly chosen: Run | undefined;
  readonly choose: (index: number) => void;
  /** Absent where a button of the view itself stops them. */
  readonly stop: (() => void) | undefined;
}

export function Batch({ runs: { round, runs, state, hold }, chosen, choose, stop }: BatchProps) {
  const done = runs.filter((run) => run.state === "done").length;
  const now = runs.find((run) => run.state === "running");
  // A check is drawn when it has ended: hundreds at once would hold up the first frame.
  const rows = runs.flatMap((run, index) => (run.state === "done" ? [{ run, index }] : []));
  const troubled = rows.filter(({ run }) => isTroubled(run));
  const others = rows.filter(({ run }) => !isTroubled(run));
  const draw = (some: typeof rows) =>
    some.map(({ run, index }) => (
      <Row
        key={index}
        verdict={verdictOf(run)}
        title={run.title}
        said={saidOf(run)}
        current={run === chosen}
        choose={() => choose(index)}
      />
    ));
  return (
    <section aria-labelledby="batch" class="several">
      <h2 id="batch">
        <Foreign text={round.title} />{" "}
        <small>
          {done} of {runs.length} done, {troubled.length} failed
          {state === "idle" ? notRun(runs.length - done) : ""}
        </small>
      </h2>
      <progress max={runs.length} value={done} aria-labelledby="batch" />
      {state === "idle" ? null : (
        <Under now={now} held={state === "held"} hold={hold} stop={stop} />
      )}
      {/* Two lists: a failure comes to the front, and no other row is moved under anybody's fingers. */}
      {troubled.length === 0 ? null : <ul class="batch">{draw(troubled)}</ul>}
      {others.length === 0 ? null : <ul class="batch">{draw(others)}</ul>}
      {state === "idle" ? (
        <>
          <Claims title="Not shown, even where all pass" claims={round.notProved} />
          <TakeAll yaml={round.yaml} runs={runs} />
        </>
      ) : null}
    </section>
  );
}

interface UnderProps {
  /** What is asked now. */
  readonly now: Run | undefined;
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
            Now <Code text={now.title} />
            {now.waits === undefined ? "" : ` in ${now.waits} s: too many a minute`}
          </>
        )}
      </p>
    </div>
  );
}

const notRun = (left: number) => (left === 0 ? "" : `, ${left} not run`);

function saidOf({ answer }: Run): string {
  if (answer === undefined || "document" in answer) return "";
  if ("trouble" in answer) return titleOf(answer.trouble);
  return `${headline(answer.report)}, ${time(answer.report.ms)}`;
}

/** The whole of it for a file, a ticket or a pipeline. */
function TakeAll({ yaml, runs }: { readonly yaml: string; readonly runs: readonly Run[] }) {
  const sorted = runs.toSorted((a, b) => Number(isTroubled(b)) - Number(isTroubled(a)));
  const reports = (): readonly Report[] =>
    sorted.flatMap(({ answer }) => (answer && "report" in answer ? answer.report : []));
  return (
    <div class="row take">
      {location.hash === "" ? null : <Copy label="Copy link to all" text={() => location.href} />}
      {yaml === "" ? null : <Copy label="Copy all as suite YAML" text={() => yaml} />}
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
