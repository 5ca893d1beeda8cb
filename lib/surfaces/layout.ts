/** Lines of text in columns. Everything that comes in is printable already and holds no newline. */

/** Fits a terminal beside an editor, and a ticket. */
const columns = 100;

/**
 * `text` after `lead`, in lines of at most 100 columns that hang `hang` deep. Words are never broken,
 * so that addresses and names can be copied: a longer one sticks out.
 */
export function wrap(lead: string, text: string, hang = lead.length): string[] {
  return fill(lead, text.split(/(?<= )(?=[^ ])/), hang, "");
}

/** As `wrap`, for a shell command: breaks only outside quotes, and a POSIX shell reads it as one. */
export function wrapCommand(lead: string, command: string): string[] {
  const words = command.match(/(?:[^ '"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*"|['"\\])+/g) ?? [];
  return fill(
    lead,
    words.map((word) => `${word} `),
    lead.length,
    " \\",
  );
}

function fill(lead: string, words: readonly string[], hang: number, continued: string): string[] {
  const lines: string[] = [];
  let line = lead;
  let empty = true;
  for (const [index, word] of words.entries()) {
    const last = index === words.length - 1;
    const room = columns - (last ? 0 : continued.length);
    if (!empty && line.length + word.trimEnd().length > room) {
      lines.push(line.trimEnd() + continued);
      line = " ".repeat(hang);
    }
    line += word;
    empty = false;
  }
  return [...lines, line.trimEnd()];
}

/**
 * Rows in aligned columns, two spaces in; the columns listed last align to the right. A column that
 * is empty throughout is left out. The last cell may be long: it wraps under itself.
 */
export function table(rows: readonly (readonly string[])[], ...right: number[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.flatMap((row) => {
    const lead = row.slice(0, -1).map((cell, column) => {
      const width = widths[column] ?? 0;
      if (width === 0) return "";
      return `  ${right.includes(column) ? cell.padStart(width) : cell.padEnd(width)}`;
    });
    return wrap(`${lead.join("")}  `, row.at(-1) ?? "");
  });
}

/** Lines under labels of equal width, `indent` spaces in; several texts of a label hang below it. */
export function labelled(
  indent: number,
  width: number,
  entries: readonly (readonly [label: string, texts: readonly string[]])[],
  lay = wrap,
): string[] {
  return entries.flatMap(([label, texts]) =>
    texts.flatMap((text, index) =>
      lay(`${" ".repeat(indent)}${(index === 0 ? label : "").padEnd(width)}  `, text),
    ),
  );
}
