/** Reports side by side, a column each: only the rows in which they differ. */
import type { ComponentChildren } from "preact";
import type { Report } from "../lib/report.ts";
import { keyOf } from "./known.ts";
import { differences } from "./differ.ts";
import { Code, Foreign } from "./foreign.tsx";
import { Table } from "./table.tsx";

interface DifferingProps {
  readonly columns: readonly { readonly title: ComponentChildren; readonly report: Report }[];
  /** Paths that the titles say already. */
  readonly said?: readonly string[];
}

export function Differing({ columns, said = [] }: DifferingProps) {
  const all = differences(...columns.map(({ report }) => report));
  const found = all.filter(({ path }) => !said.includes(path));
  if (found.length === 0) return <p role="status">Nothing differs but the times.</p>;
  return (
    <>
      <p role="status">{found.length} differ.</p>
      <Table
        label="What differs"
        head={["What", ...columns.map(({ title }) => title)]}
        look="differ"
      >
        {found.map(({ path, values }) => (
          <tr key={keyOf(path)}>
            <th scope="row">
              <Foreign text={path} />
            </th>
            {values.map((value, index) => (
              <td key={index}>{value === undefined ? <i>nothing</i> : <Code text={value} />}</td>
            ))}
          </tr>
        ))}
      </Table>
    </>
  );
}
