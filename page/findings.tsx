/** What it means, what else it could be, and what to do next. */
import type { Finding, Report } from "../lib/report.ts";
import { keyOf } from "./known.ts";
import { CopyLine } from "./copy.tsx";
import { Code, Codes, Foreign } from "./foreign.tsx";
import { Mark } from "./mark.tsx";

export function Findings({ report }: { readonly report: Report }) {
  if (report.findings.length === 0) return null;
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">What it means</h2>
      {report.findings.map((finding, index) => (
        <Card key={keyOf(finding.code)} finding={finding} open={index === 0} />
      ))}
    </section>
  );
}

interface CardProps {
  readonly finding: Finding;
  readonly open: boolean;
}

/** One of a report, or one of all that there are: then nothing was seen of it. */
export function Card({ finding, open }: CardProps) {
  const { code, severity, title, why, evidence, on, next, rivals, commands } = finding;
  const { blame, confidence, docs } = finding;
  return (
    <details class={`card ${severity}`} open={open}>
      <summary>
        <Mark verdict={severity} />{" "}
        <strong>
          <Foreign text={title} />
        </strong>{" "}
        <Code text={code} />
      </summary>
      <p>
        <Foreign text={why} />
      </p>
      {evidence === "" && on.length === 0 ? null : (
        <p>
          <b>Seen:</b> <Foreign text={evidence} /> <Codes of={on} />
        </p>
      )}
      <Points title="What to do next" points={next} ordered />
      <Points title="It could also be" points={rivals} />
      <p class="quiet">
        Whose move: <b>{blame}</b>, {confidence}
        {docs?.startsWith("https://") === true ? (
          <>
            {" · "}
            <a href={docs} target="_blank" rel="noreferrer">
              Documentation
            </a>
          </>
        ) : null}
      </p>
      {commands.map((command) => (
        <CopyLine key={keyOf(command)} text={command} />
      ))}
    </details>
  );
}

interface PointsProps {
  readonly title: string;
  readonly points: readonly string[];
  readonly ordered?: boolean;
}

function Points({ title, points, ordered = false }: PointsProps) {
  if (points.length === 0) return null;
  const items = points.map((point) => (
    <li key={keyOf(point)}>
      <Foreign text={point} />
    </li>
  ));
  return (
    <>
      <h3>{title}</h3>
      {ordered ? <ol>{items}</ol> : <ul>{items}</ul>}
    </>
  );
}
