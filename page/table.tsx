/** A table that scrolls by itself where it is wider than the page, by keyboard too. */
import type { ComponentChildren } from "preact";

interface TableProps {
  readonly label: string;
  readonly head: readonly ComponentChildren[];
  /** The columns that hold numbers. */
  readonly numbers?: readonly string[];
  readonly look?: string;
  readonly children: ComponentChildren;
}

export function Table({ label, head, numbers = [], look, children }: TableProps) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class={look}>
        <thead>
          <tr>
            {head.map((title, index) => (
              <th
                key={index}
                scope="col"
                class={typeof title === "string" && numbers.includes(title) ? "num" : undefined}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
