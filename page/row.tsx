/** A report in a list of many: its verdict, what was asked, and what came of it. */
import { useMemo } from "preact/hooks";
import { Code, Foreign } from "./foreign.tsx";
import { Mark } from "./mark.tsx";

interface RowProps {
  readonly verdict: string;
  readonly title: string;
  readonly said: string;
  readonly current: boolean;
  readonly choose: () => void;
}

/** Drawn again only when something in it has changed: there may be hundreds, and each of them tells. */
export function Row({ verdict, title, said, current, choose }: RowProps) {
  return useMemo(
    () => (
      <li class={verdict}>
        <button type="button" aria-current={current ? "true" : undefined} onClick={choose}>
          <Mark verdict={verdict} />
          <Code text={title} />
          <span class="quiet">
            <Foreign text={said} />
          </span>
        </button>
      </li>
    ),
    [verdict, title, said, current],
  );
}
